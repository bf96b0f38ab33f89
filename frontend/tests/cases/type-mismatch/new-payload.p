machine Worker { start state S { entry (n: int) { } } }
machine Main {
  start state Init {
    entry {
      new Worker("one");
    }
  }
}
