param n: int;
param flag: bool;

machine Main {
  start state Init {
    entry {
      assert n >= 0;
    }
  }
}
test param (n in [1, 2, 3], flag in [true, false]) assume (n > 1 && flag) t [main = Main]: { Main };
