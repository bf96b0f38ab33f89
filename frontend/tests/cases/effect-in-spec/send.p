event eA: machine;
spec Watch observes eA {
  start state S {
    on eA do (m: machine) { send m, halt; }
  }
}

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
