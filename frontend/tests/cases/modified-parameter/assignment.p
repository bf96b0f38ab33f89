param n: int;

machine Main {
  start state Init {
    entry {
      n = 1;
    }
  }
}
