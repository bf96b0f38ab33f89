fun f(n: int) { }
machine Main {
  start state Init {
    entry {
      f("one");
    }
  }
}
