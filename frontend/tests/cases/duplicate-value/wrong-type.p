param n: int;
param flag: bool;

machine Main {
  start state Init {
    entry {
      assert n >= 0;
    }
  }
}
test param (flag in [1]) t [main = Main]: { Main };
