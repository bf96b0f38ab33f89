machine Main {
  start state Init {
    entry {
      var t: (x: int, y: int);
      t = (y = 1, x = 2);
    }
  }
}
