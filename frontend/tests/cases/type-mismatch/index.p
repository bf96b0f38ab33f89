machine Main {
  start state Init {
    entry {
      var s: seq[int];
      assert s["one"] == 1;
    }
  }
}
