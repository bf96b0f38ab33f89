invariant fine: true;

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
