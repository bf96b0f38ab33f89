event eA: (int, int);
machine Main {
  fun h(x: int, y: int) { }
  start state Init { on eA do h; }
}
