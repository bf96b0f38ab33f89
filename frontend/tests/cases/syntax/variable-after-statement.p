machine Main {
  var x: int;
  start state Init {
    entry {
      x = 1;
      var y: int;
    }
  }
}
