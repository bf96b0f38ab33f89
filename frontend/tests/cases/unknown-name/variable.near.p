machine Main {
  start state Init {
    entry {
      var counter: int;
      counter = 1;
    }
  }
}
