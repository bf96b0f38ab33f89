machine Main {
  var other: Main;
  start state Init {
    entry { assert other == null; }
  }
}
