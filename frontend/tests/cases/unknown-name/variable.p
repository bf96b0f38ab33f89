machine Main {
  start state Init {
    entry {
      var counter: int;
      conter = 1;
    }
  }
}
