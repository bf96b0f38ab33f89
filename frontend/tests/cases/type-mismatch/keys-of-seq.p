machine Main {
  start state Init {
    entry {
      var s: seq[int];
      assert sizeof(keys(s)) == 0;
    }
  }
}
