event eA: (int, int);
machine Main {
  start state Init {
    entry {
      send this, eA, 1, 2, 3;
    }
  }
}
