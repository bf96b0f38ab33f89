param a: bool;
param b: bool;
param c: bool;

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
test param (a in [false, true], b in [false, true], c in [false, true]) pairwise t [main = Main]: { Main };
