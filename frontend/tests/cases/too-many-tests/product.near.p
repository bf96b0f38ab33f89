param p0: int;
param p1: int;
param p2: int;
param p3: int;
param p4: int;

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
test param (p0 in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], p1 in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], p2 in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], p3 in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], p4 in [0]) t [main = Main]: { Main };
