machine Main {
  start state Init {
    entry {
      assert choose(10000) >= 0;
    }
  }
}
