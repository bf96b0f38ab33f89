event eA;
event eB;
spec Watch observes eA { start state S { on eB do { } } }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
