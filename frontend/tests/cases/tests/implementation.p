machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
implementation impl [main = Main]: { Main };
