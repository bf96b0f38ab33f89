test t: { Main };

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
