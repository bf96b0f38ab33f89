machine Main {
  start state Init {
    entry {
      assert (1 to float) == 1.0 && (2.5 to int) == 2;
    }
  }
}
