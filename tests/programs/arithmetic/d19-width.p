// psem: search "=>* violation"
// D19, D43: integers have 64 bits and wrap, as in the reference checker.
machine Main {
  start state Init {
    entry {
      var big: int;
      var n: int;
      big = 2147483647;
      big = big + 1;
      assert big > 0, "2^31 does not wrap";
      big = 1;
      while (n < 63) { big = big * 2; n = n + 1; }
      assert big < 0 && big - 1 > 0, "2^63 wraps";
      assert -big == big;
      assert -7 / 2 == -3 && 7 / -2 == -3 && -7 % 2 == -1 && 7 % -2 == 1;
    }
  }
}
