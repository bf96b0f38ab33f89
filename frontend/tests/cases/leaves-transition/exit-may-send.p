machine Main {
  start state Init {
    exit { send this, halt; }
    entry {
      ;
    }
  }
}
