fun f(): int { return 1; }
machine Main {
  start state Init {
    entry {
      assert f() == 1;
    }
  }
}
