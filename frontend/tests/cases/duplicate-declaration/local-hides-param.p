param n: int;

machine Main {
  start state Init {
    entry {
      var n: int;
    }
  }
}
