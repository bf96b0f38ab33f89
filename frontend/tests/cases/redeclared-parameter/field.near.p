param n: int;

machine Main {
  var m: bool;
  start state Init {
    entry {
      ;
    }
  }
}
