machine Main {
  start state Init {
    entry {
      var t: (int, int);
      assert t.99999999999 == 0;
    }
  }
}
