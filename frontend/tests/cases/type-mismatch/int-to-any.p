machine Main {
  start state Init {
    entry {
      var a: any;
      a = 1;
      assert (a as int) == 1;
    }
  }
}
