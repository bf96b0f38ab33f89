fun f() { goto Init; }
machine Main {
  start state Init {
    entry {
      f();
    }
  }
}
