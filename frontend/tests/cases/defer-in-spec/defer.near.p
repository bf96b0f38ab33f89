event eA;
spec Watch observes eA { start state S { ignore eA; } }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
