fun f() { return 1; }
machine Main {
  start state Init {
    entry {
      f();
    }
  }
}
