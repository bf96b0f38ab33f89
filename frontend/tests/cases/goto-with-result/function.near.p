machine Main {
  fun f(): int { return 1; }
  start state Init { entry { assert f() == 1; } }
}
