event eA;
machine Main {
  start state Init {
    on eA do { }
    defer halt;
  }
}
