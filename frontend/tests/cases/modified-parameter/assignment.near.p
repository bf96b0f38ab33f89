param n: int;

machine Main {
  start state Init {
    entry {
      assert n < 1;
    }
  }
}
