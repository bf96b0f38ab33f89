event eA: int;
machine Main {
  start state Init { on eA goto Next; }
  state Next { entry (s: string) { } }
}
