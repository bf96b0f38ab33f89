enum Color { RED = 1, GREEN = 1 }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
