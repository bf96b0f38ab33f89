machine Main {
  start state Init {
    entry {
      assert 1 to float == 1.0;
    }
  }
}
