event eA: int;
machine Main {
  start state Init {
    entry {
      send this, eA, true;
    }
  }
}
