machine Main {
  start state Init {
    entry {
      var a: any;
      var x: int;
      x = a;
    }
  }
}
