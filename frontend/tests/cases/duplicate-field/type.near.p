event eA: (x: int, y: int);

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
