fun f(n: int) { }
machine Main {
  start state Init {
    entry {
      f(1, 2);
    }
  }
}
