machine Main {
  start state Init {
    entry {
      var x: int;
      x = 2147483647;
    }
  }
}
