// psem: check
// psem: check -s 50
// A lease with a timer, and clients that may crash. The timer is called off while its own tick is
// on the way, and when idle it cannot handle that.
enum Status { GRANTED = 3, DENIED = 7 }
type Lease = (holder: machine, epoch: int);
type Request = (who: machine, number: int);
type Response = (status: Status, lease: Lease, number: int);

event eAcquire: Request;
event eAcquired: Response;
event eRenew: Lease;
event eStartTimer: int;
event eCancelTimer;
event eTick;
event eExpire;
event eCrash;
event eHeld: machine;
event eFree;

machine Timer {
  var owner: machine;
  var left: int;
  start state Init {
    entry (it: machine) { owner = it; goto Idle; }
  }
  state Idle {
    on eStartTimer goto Running with (ticks: int) { left = ticks; }
    ignore eCancelTimer;
  }
  state Running {
    entry {
      if (left <= 0 || $) {
        send owner, eExpire;
        goto Idle;
      }
      left = left - 1;
      send this, eTick;
    }
    on eTick goto Running;
    on eCancelTimer goto Idle;
    ignore eStartTimer;
  }
}

fun NewTimer(owner: machine): machine { return new Timer(owner); }

machine Server {
  var current: Lease;
  var timer: machine;
  var log: map[int, seq[Lease]];
  start state Init {
    entry { timer = NewTimer(this); goto Free; }
  }
  state Free {
    entry { announce eFree; }
    on eAcquire do (request: Request) {
      current = (holder = request.who, epoch = current.epoch + 1);
      if (!(current.epoch in log)) { log[current.epoch] = default(seq[Lease]); }
      log[current.epoch] += (sizeof(log[current.epoch]), current);
      announce eHeld, request.who;
      send request.who, eAcquired, (status = GRANTED, lease = current, number = request.number);
      send timer, eStartTimer, 2;
      goto Held;
    }
    ignore eExpire, eRenew;
  }
  state Held {
    on eAcquire do (request: Request) {
      send request.who, eAcquired, (status = DENIED, lease = current, number = request.number);
    }
    on eRenew do (lease: Lease) {
      if (lease == current) {
        send timer, eCancelTimer;
        send timer, eStartTimer, 2;
      }
    }
    on eExpire goto Free;
  }
}

machine Client {
  var server: machine;
  var number: int;
  var lease: Lease;
  start state Init {
    entry (it: machine) { server = it; goto Try; }
  }
  state Try {
    entry {
      number = number + 1;
      if (number > 2) { raise halt; }
      send server, eAcquire, (who = this, number = number);
      receive {
        case eAcquired: (response: Response) {
          assert response.number == number, format("{0}, not {1}", response.number, number);
          if (response.status != GRANTED) { goto Try; }
          lease = response.lease;
          goto Working;
        }
        case eCrash: { raise halt; }
      }
    }
  }
  state Working {
    entry {
      if ($) { send server, eRenew, lease; }
      goto Try;
    }
    on eCrash do { raise halt; }
  }
}

machine Injector {
  start state Init {
    entry (victims: set[machine]) { send choose(victims), eCrash; }
  }
}

spec OneHolder observes eHeld, eFree {
  start cold state Free {
    on eHeld goto Held;
    ignore eFree;
  }
  hot state Held {
    on eFree goto Free;
    on eHeld do (holder: machine) { assert false, format("{0} holds it, too", holder); }
  }
}

fun Clients(): set[machine] {
  var server: machine;
  var clients: set[machine];
  server = new Server();
  clients += (new Client(server));
  clients += (new Client(server));
  return clients;
}

machine Healthy {
  start state Init { entry { Clients(); } }
}

machine Crashing {
  start state Init { entry { new Injector(Clients()); } }
}

module System = { Server, Client, Timer };

test Works [main = Healthy]: assert OneHolder in (union System, { Healthy });
test Crashes [main = Crashing]: assert OneHolder in (union System, { Crashing, Injector });
