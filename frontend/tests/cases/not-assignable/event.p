event eA;
machine Main {
  start state Init {
    entry {
      eA = null;
    }
  }
}
