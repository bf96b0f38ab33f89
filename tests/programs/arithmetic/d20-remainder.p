// psem: search "=>* violation"
// D20: the remainder sees all 64 bits; the reference checker cuts both operands to 32.
machine Main {
  start state Init {
    entry {
      var big: int;
      big = 65536 * 65536;
      assert big % 10 == 6, format("{0}", big % 10);
    }
  }
}
