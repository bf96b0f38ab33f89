event eA;
spec Watch observes eA { state Init { } }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
