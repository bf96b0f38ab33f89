event eA;
spec Watch observes eA { start state S { on halt do { } } }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
