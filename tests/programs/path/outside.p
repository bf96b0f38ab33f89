// psem: search "=>* violation(index-out-of-range)" --solutions 10
// Every index must lie inside; only insertion may take the place behind the last.
machine Main {
  start state Init {
    entry {
      var q: seq[int];
      var s: set[int];
      var t: (int, seq[int]);
      var r: (a: seq[(int, int)]);
      q += (0, 1);
      q += (1, 2);
      if ($) { q += (3, 1); }
      if ($) { q -= (2); }
      if ($) { q[2] = 1; }
      if ($) { q[-1] = 1; }
      if ($) { t.1[0] = 1; }
      if ($) { r.a[0].1 = 1; }
      if ($) { q[0] = s[0]; }
      r.a += (0, (1, 2));
      r.a[0].1 = 5;
      assert r.a[0] == (1, 5);
    }
  }
}
