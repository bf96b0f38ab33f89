machine Main {
  start state Init {
    entry {
      assert 1 == 2;
    }
  }
}
