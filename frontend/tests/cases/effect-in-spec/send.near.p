event eA: machine;
spec Watch observes eA {
  start state S {
    on eA do (m: machine) { raise halt; }
  }
}

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
