machine Main {
  start state Init {
    entry {
      assert choose(10001) >= 0;
    }
  }
}
