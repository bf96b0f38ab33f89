machine Main {
  fun f(): int { goto Init; }
  start state Init { entry { assert f() == 1; } }
}
