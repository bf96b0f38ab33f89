event eA: machine;
spec Watch observes eA {
  start state S {
    on eA do (m: machine) { if ($) { } }
  }
}

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
