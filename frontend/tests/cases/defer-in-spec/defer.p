event eA;
spec Watch observes eA { start state S { defer eA; } }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
