// psem: search "=>* violation" -t Racing
// psem: search "=>* violation" -t Locked
// psem: search "=>* at(Balance, Checking) and at(Teller, Done)" -t Locked
event eRead: machine;
event eValue: int;
event eWrite: int;
event eStart: int;

spec Balance observes eWrite, eStart {
  var last: int;
  start state Waiting {
    on eStart goto Checking with (n: int) { last = n; }
  }
  state Checking {
    on eWrite do (n: int) {
      assert n < last, format("balance went from {0} to {1}", last, n);
      last = n;
    }
  }
}

machine Account {
  var balance: int;
  start state Open {
    entry (n: int) { balance = n; announce eStart, n; }
    on eRead do (who: machine) { send who, eValue, balance; }
    on eWrite do (n: int) { balance = n; }
  }
}

machine Teller {
  var account: machine;
  start state Init {
    entry (a: machine) {
      account = a;
      send account, eRead, this;
    }
    on eValue do (n: int) {
      send account, eWrite, n - 10;
      goto Done;
    }
  }
  state Done { }
}

machine OneTeller {
  start state Init {
    entry {
      var account: machine;
      account = new Account(100);
      new Teller(account);
    }
  }
}

machine TwoTellers {
  start state Init {
    entry {
      var account: machine;
      account = new Account(100);
      new Teller(account);
      new Teller(account);
    }
  }
}

module Bank = { Account, Teller };
test Racing [main = TwoTellers]: assert Balance in (union Bank, { TwoTellers });
test Locked [main = OneTeller]: assert Balance in (union Bank, { OneTeller });
