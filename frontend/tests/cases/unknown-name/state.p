machine Main {
  start state Init {
    entry {
      goto Int;
    }
  }
}
