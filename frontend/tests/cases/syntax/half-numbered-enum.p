enum Color { RED = 1, GREEN }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
