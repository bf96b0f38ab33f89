machine Main {
  start state Init {
    entry {
      assert true, 1;
    }
  }
}
