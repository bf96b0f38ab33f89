machine Main {
  start state Init {
    entry {
      var t: (int, int);
      assert t.1 == 0;
    }
  }
}
