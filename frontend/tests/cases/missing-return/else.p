fun f(n: int): int { if (n > 0) { return 1; } else { assert false; } }
machine Main {
  start state Init {
    entry {
      assert f(1) == 1;
    }
  }
}
