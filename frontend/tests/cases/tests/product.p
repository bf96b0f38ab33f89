param n: int;
param flag: bool;

machine Main {
  start state Init {
    entry {
      assert n >= 0;
    }
  }
}
test param (n in [1, -2], flag in [true, false]) t [main = Main]: { Main };
