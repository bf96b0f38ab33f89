event eA: (x: int, x: int);

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
