// psem: search "=>* violation"
// Collections are counted in eights and then one by one.
machine Main {
  start state Init {
    entry {
      var q: seq[int];
      var s: set[int];
      var m: map[int, int];
      var i: int;
      while (i < 19) {
        assert sizeof(q) == i && sizeof(s) == i && sizeof(m) == i;
        q += (i, i);
        s += (i);
        m[i] = 2 * i;
        i = i + 1;
      }
      assert sizeof(q) == 19 && sizeof(s) == 19 && sizeof(m) == 19;
    }
  }
}
