machine Main {
  start state Init {
    entry {
      var f: float;
      f = float(1, 2);
    }
  }
}
