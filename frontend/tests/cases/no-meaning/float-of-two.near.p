machine Main {
  start state Init {
    entry {
      var f: float;
      f = 1.2;
    }
  }
}
