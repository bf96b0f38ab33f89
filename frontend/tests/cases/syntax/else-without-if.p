machine Main {
  start state Init {
    entry {
      while (true) { }
      else { }
    }
  }
}
