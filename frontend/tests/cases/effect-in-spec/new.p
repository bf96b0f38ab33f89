event eA: machine;
spec Watch observes eA {
  start state S {
    on eA do (m: machine) { new Main(); }
  }
}

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
