machine Main {
  start state Init {
    entry {
      if (1) { }
    }
  }
}
