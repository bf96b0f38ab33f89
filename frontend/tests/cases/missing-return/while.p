fun f(): int { while (true) { return 1; } }
machine Main {
  start state Init {
    entry {
      assert f() == 1;
    }
  }
}
