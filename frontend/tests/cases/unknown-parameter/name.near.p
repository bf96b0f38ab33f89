param n: int;
param flag: bool;

machine Main {
  start state Init {
    entry {
      assert n >= 0;
    }
  }
}
test param (n in [1, 2]) t [main = Main]: { Main };
