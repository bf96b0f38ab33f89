enum Colour { RED }
machine Main {
  start state Init {
    entry {
      var c: Color;
    }
  }
}
