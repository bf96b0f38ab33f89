fun f(n: int): int { return n; }
machine Main {
  start state Init {
    entry {
      var x: int;
      var s: seq[int];
      var m: map[string, (a: int, b: set[int])];
      assert x == 0, format("x is {0}", x);
      print "plain \"text\" {{}}";
      s += (0, 1);
      m["k"] = default((a: int, b: set[int]));
      m["k"].b += (x + 1);
      s[x] = s[0];
      m -= "k";
      foreach (x in s) { if (x > 1) { break; } else if (x < 0) continue; else ; }
      while (!(x in s) && $) { x = -x; }
      f((1, "a").0);
      return;
    }
  }
}
