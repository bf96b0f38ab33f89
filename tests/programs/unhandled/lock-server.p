// psem: search "=>* violation"
event eTake: machine;
event eGrant;
event eGiveBack;

machine Main {
  start state Init {
    entry {
      var lock: machine;
      lock = new Lock();
      new User(lock);
      new User(lock);
    }
  }
}

machine Lock {
  start state Free {
    on eTake do (user: machine) { send user, eGrant; goto Held; }
  }
  state Held {
    on eGiveBack goto Free;
  }
}

machine User {
  var lock: machine;
  start state Wanting {
    entry (it: machine) { lock = it; send lock, eTake, this; }
    on eGrant do { send lock, eGiveBack; }
  }
}
