machine Main {
  start state Init {
    entry {
      goto Init;
    }
  }
}
