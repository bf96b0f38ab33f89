// psem: search "=>* violation(key-not-found)" --solutions 4
// D21: a key on the way to a place must be there; only the last one may be new.
machine Main {
  start state Init {
    entry {
      var m: map[int, (a: int)];
      var n: map[int, seq[int]];
      var o: map[int, map[int, int]];
      o[1] = default(map[int, int]);
      o[1][2] = 3;
      assert o[1][2] == 3;
      if ($) { m[5].a = 1; }
      if ($) { n[5] += (0, 1); }
      if ($) { o[2][1] = 1; }
      n[1] = default(seq[int]);
      n[1] += (0, 7);
      assert n[1][0] == 7 && m[5].a == 1;
    }
  }
}
