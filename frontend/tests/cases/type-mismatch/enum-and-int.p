enum Color { RED, GREEN }
machine Main {
  start state Init {
    entry {
      var c: Color;
      c = 1;
    }
  }
}
