param n: int;
test param (n in [1]) t [main = Main]: { Main } refines { Main };

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
