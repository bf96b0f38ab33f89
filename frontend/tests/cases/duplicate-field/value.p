machine Main {
  start state Init {
    entry {
      var t: (x: int, y: int);
      t = (x = 1, x = 2);
    }
  }
}
