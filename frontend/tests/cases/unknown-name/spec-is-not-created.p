event eA;
spec Watch observes eA { start state S { } }
machine Main {
  start state Init {
    entry {
      new Watch();
    }
  }
}
