machine Main {
  fun leave(x: int) { }
  start state Init { exit leave; }
}
