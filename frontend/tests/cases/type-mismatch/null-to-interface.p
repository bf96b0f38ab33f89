machine Main {
  start state Init {
    entry {
      var m: Main;
      m = null;
    }
  }
}
