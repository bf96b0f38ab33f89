// psem: search "=>* violation"
// psem: search "=>! terminated"
event eWork;
machine Main {
  start state Init {
    entry {
      var w: machine;
      w = new Worker();
      send w, eWork;
      send w, eWork;
    }
  }
}
machine Worker {
  start state Busy {
    on eWork do { raise halt; }
  }
}
