machine Main {
  start state Init {
    entry {
      var s: seq[int];
      s += (1);
    }
  }
}
