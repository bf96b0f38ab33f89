fun f(n: int): int { if (n > 0) { return 1; } return 0; }
machine Main {
  start state Init {
    entry {
      assert f(1) == 1;
    }
  }
}
