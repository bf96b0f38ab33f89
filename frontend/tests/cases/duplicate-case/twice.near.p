event eA;
machine Main {
  start state Init {
    entry {
      receive { case eA: { } case halt: { } }
    }
  }
}
