event eA: (int, int);
machine Main {
  fun h(x: (int, int)) { }
  start state Init { on eA do h; }
}
