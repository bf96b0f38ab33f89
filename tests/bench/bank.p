// psem: search "=>* violation"
// A bank of the size of a tutorial: clients withdraw until the server refuses; a monitor
// keeps the sum.
event eWithdraw: (client: Client, id: int, amount: int);
event eAnswer: (id: int, granted: bool, rest: int);
event eOpened: (id: int, balance: int);

spec NoOverdraft observes eOpened, eAnswer {
  var known: map[int, int];
  start state Watching {
    on eOpened do (account: (id: int, balance: int)) { known[account.id] = account.balance; }
    on eAnswer do (answer: (id: int, granted: bool, rest: int)) {
      assert answer.id in known;
      assert answer.rest >= 0;
      assert answer.rest <= known[answer.id];
      known[answer.id] = answer.rest;
    }
  }
}

machine Main {
  start state Init {
    entry {
      var bank: Bank;
      var i: int;
      bank = new Bank((accounts = 4, balance = 6));
      while (i < 4) {
        new Client((bank = bank, id = i, amount = 2 + i));
        i = i + 1;
      }
    }
  }
}

machine Bank {
  var balances: map[int, int];
  start state Opening {
    entry (config: (accounts: int, balance: int)) {
      var i: int;
      while (i < config.accounts) {
        balances[i] = config.balance;
        announce eOpened, (id = i, balance = config.balance);
        i = i + 1;
      }
      goto Open;
    }
    defer eWithdraw;
  }
  state Open {
    on eWithdraw do (request: (client: Client, id: int, amount: int)) {
      var granted: bool;
      granted = Cover(request.id, request.amount);
      if (granted) {
        balances[request.id] = balances[request.id] - request.amount;
      }
      send request.client, eAnswer,
        (id = request.id, granted = granted, rest = balances[request.id]);
    }
  }
  fun Cover(id: int, amount: int): bool {
    return id in balances && balances[id] >= amount;
  }
}

machine Client {
  var bank: Bank;
  var id: int;
  var amount: int;
  start state Init {
    entry (config: (bank: Bank, id: int, amount: int)) {
      bank = config.bank;
      id = config.id;
      amount = config.amount;
      goto Withdrawing;
    }
  }
  state Withdrawing {
    entry { send bank, eWithdraw, (client = this, id = id, amount = amount); }
    on eAnswer do (answer: (id: int, granted: bool, rest: int)) {
      assert answer.id == id;
      if (answer.granted) {
        goto Withdrawing;
      }
      goto Poor;
    }
  }
  state Poor { ignore eAnswer; }
}
