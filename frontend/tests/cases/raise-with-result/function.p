fun f(): int { raise halt; }
machine Main {
  start state Init {
    entry {
      assert f() == 1;
    }
  }
}
