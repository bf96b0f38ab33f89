// psem: search "=>* violation(bad-cast)" --solutions 10
// After a cast a value may have another shape than its type inside: whatever is done with
// it then fails.
machine Main {
  start state Init {
    entry {
      var v: any;
      var t: (bool, int);
      var p: (q: seq[int], m: map[int, int]);
      var n: int;
      v = (1, "one");
      t = v as (bool, int);
      v = (q = 1, m = 2);
      p = v as (q: seq[int], m: map[int, int]);
      n = choose(9);
      if (n == 0 && t.0) { n = 0; }
      if (n == 1 && (t.0 && $)) { n = 0; }
      if (n == 2 && !t.0) { n = 0; }
      if (n == 3 && (t.0 ==> true)) { n = 0; }
      if (n == 4) { n = t.1 + 1; }
      if (n == 5) { foreach (n in p.q) { } }
      if (n == 6) { p.q += (0, 1); }
      if (n == 7) { p.m[1] = 2; }
      if (n == 8 && (t.0 || true)) { n = 0; }
    }
  }
}
