// psem: search "=>* violation"
// A machine that halts runs the exit of its state first (D7); sends to it are dropped.
event eWork;
machine Main {
  start state Init {
    entry {
      var w: machine;
      w = new Worker();
      send w, eWork;
      send w, halt;
      send w, eWork;
    }
  }
}
machine Worker {
  start state Busy {
    on eWork do { }
    exit { assert false, "leaving"; }
  }
}
