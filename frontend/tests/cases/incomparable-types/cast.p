machine Main {
  start state Init {
    entry {
      var x: int;
      assert (x as bool);
    }
  }
}
