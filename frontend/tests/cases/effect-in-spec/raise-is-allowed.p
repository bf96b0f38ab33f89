event eA: machine;
event eB;
spec Watch observes eA {
  start state S {
    on eA do (m: machine) { raise eB; }
    on eB do { }
  }
}

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
