machine Main {
  start state Init {
    entry {
      send this, halt;
    }
  }
}
