machine Main {
  start state Init {
    entry {
      var t: (x: int, y: int);
      assert t.y == 0;
    }
  }
}
