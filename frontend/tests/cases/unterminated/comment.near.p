machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
/* never ends */
