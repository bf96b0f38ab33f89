machine Main {
  fun leave() { }
  start state Init { exit leave; }
}
