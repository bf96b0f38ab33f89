fun f(x: int) { var x: int; }

machine Main {
  start state Init {
    entry {
      f(1);
    }
  }
}
