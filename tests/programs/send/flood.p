// psem: search "=>* violation" --max-states 2000
event eDrop: int;

machine Main {
  start state Init {
    entry {
      var sink: machine;
      var n: int;
      sink = new Sink();
      while (true) {
        send sink, eDrop, n;
        n = n + 1;
      }
    }
  }
}

machine Sink {
  start state Never {
    defer eDrop;
  }
}
