enum Color { RED = 1, GREEN = 2 }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
