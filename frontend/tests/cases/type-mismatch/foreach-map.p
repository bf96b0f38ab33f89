machine Main {
  start state Init {
    entry {
      var m: map[int, int];
      var k: int;
      foreach (k in m) { }
    }
  }
}
