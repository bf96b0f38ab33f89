machine Worker { start state S { entry (n: (a: int, b: machine)) { } } }

machine Main {
  start state Init {
    entry {
      var m: Worker;
      m = new Worker((a = choose(3), b = this));
      send m, halt;
    }
  }
}
