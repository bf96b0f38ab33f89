// psem: search "=>* violation"
// A plain variable is read after a later operand with an effect (D44).
machine Main {
  var x: int;
  fun Bump(): int { x = x + 10; return 1; }
  fun Pair(a: int, b: int): int { return a * 100 + b; }
  start state Init {
    entry {
      x = 1;
      assert x + Bump() == 12, format("late: {0}", x);
      assert Bump() + x == 22;
      assert Pair(x, Bump()) == 2101, "arguments are read in their turn";
      assert (x + 0) + Bump() == 32;
    }
  }
}
