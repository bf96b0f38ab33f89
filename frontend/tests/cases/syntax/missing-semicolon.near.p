machine Main {
  start state Init {
    entry {
      var x: int;
      x = 1;
      x = 2;
    }
  }
}
