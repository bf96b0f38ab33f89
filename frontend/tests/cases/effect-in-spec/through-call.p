event eA: machine;
fun f(m: machine) { g(m); }
fun g(m: machine) { send m, halt; }
spec Watch observes eA {
  start state S {
    on eA do (m: machine) { f(m); }
  }
}

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
