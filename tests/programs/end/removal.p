// psem: search "=>* violation"
// Removing what is not there changes nothing.
machine Main {
  start state Init {
    entry {
      var s: set[int];
      var m: map[int, int];
      s -= (1);
      m -= (1);
      s += (1); s += (2);
      m[1] = 1; m[2] = 2;
      s -= (3); s -= (1);
      m -= (3); m -= (1);
      assert sizeof(s) == 1 && 2 in s && sizeof(m) == 1 && 2 in m && !(1 in m);
      assert 2 in keys(m) && !(3 in values(m));
    }
  }
}
