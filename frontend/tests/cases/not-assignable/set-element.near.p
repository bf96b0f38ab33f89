machine Main {
  start state Init {
    entry {
      var s: set[int];
      s += (1);
    }
  }
}
