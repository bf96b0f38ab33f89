fun f(): int { return 1; }
machine Main {
  start state Init {
    entry {
      var x: int;
      x = f;
    }
  }
}
