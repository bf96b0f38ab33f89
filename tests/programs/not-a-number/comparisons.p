// psem: search "=>* violation"
// NaN comes from 0/0, stays, and compares with nothing.
machine Main {
  start state Init {
    entry {
      var none: float;
      var any_: any;
      none = 0.0 / 0.0;
      assert !(none == none) && none != none;
      assert !(none < 1.0) && !(none >= 1.0) && !(1.0 <= none) && !(1.0 > none);
      assert format("{0} {1} {2}", -none, none + 1.0, 1.0 - none) == "NaN NaN NaN";
      assert format("{0} {1}", 1.0 % 0.0, (1.0 / 0.0) * 0.0) == "NaN NaN";
      assert (none, 1) == (none, 1);
      assert (none, 0.0) == (none, -0.0) && (a = none, b = 0.0) == (a = none, b = -0.0);
      any_ = none;
      none = any_ as float;
      assert (none to float) != none;
      assert (none to int) < 0;
    }
  }
}
