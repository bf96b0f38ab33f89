machine Main {
  start state Init {
    entry {
      x = 1 ? 2 : 3;
    }
  }
}
