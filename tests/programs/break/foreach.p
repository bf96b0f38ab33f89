// psem: search "=>* violation"
machine Main {
  start state Init {
    entry {
      var q: seq[int];
      var x: int;
      q += (0, 1); q += (1, 2); q += (2, 3);
      foreach (x in q) { if (x == 2) { break; } }
      assert x == 2;
    }
  }
}
