event start;

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
