machine Main {
  start state Init {
    entry {
      var m: machine;
      m = Main;
    }
  }
}
