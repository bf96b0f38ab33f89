machine Main {
  start state Init {
    entry {
      var d: data;
      d = this;
    }
  }
}
