event eA;
spec Watch observes eA { start state S { on null do { } } }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
