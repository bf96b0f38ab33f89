param a: int;

machine Main {
  start state Init {
    entry {
      assert a > 0;
    }
  }
}
test param (a in [1, 2]) pairwise t [main = Main]: { Main };
