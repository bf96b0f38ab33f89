param n: int;

machine Main {
  var n: bool;
  start state Init {
    entry {
      ;
    }
  }
}
