fun f() { send this, halt; }
machine Main {
  start state Init {
    entry {
      f();
    }
  }
}
