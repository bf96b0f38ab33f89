event eA: machine;
spec Watch observes eA {
  start state S {
    on eA do (m: machine) { assert this == m; }
  }
}

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
