machine Main {
  start state Init {
    entry {
      while (true) { break; }
    }
  }
}
