// psem: search "=>* violation"
// Sets and maps are equal in any order, sequences only in one.
machine Main {
  start state Init {
    entry {
      var s: set[int];
      var t: set[int];
      var m: map[int, string];
      var n: map[int, string];
      var q: seq[int];
      var r: seq[int];
      s += (1); s += (2); t += (2);
      assert s != t;
      t += (1);
      assert s == t && (s, 1) == (t, 1) && (a = s, b = 1) == (a = t, b = 1) && (s, 1) != (t, 2);
      m[1] = "a"; m[2] = "b"; n[2] = "b";
      assert m != n;
      n[1] = "x";
      assert m != n;
      n[1] = "a";
      assert m == n;
      n -= (2);
      n[3] = "b";
      assert m != n;
      q += (0, 1); q += (1, 2); r += (0, 2); r += (1, 1);
      assert q != r;
      r -= (0);
      assert q != r && r[0] == q[0];
      assert (1, q) == (1, q) && (1, q) != (1, r) && (a = q, ) != (a = r, );
      assert 0.0 == -0.0;
    }
  }
}
