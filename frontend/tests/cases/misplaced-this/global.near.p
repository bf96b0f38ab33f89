fun f() { }
machine Main {
  start state Init {
    entry {
      f();
    }
  }
}
