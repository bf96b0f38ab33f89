event eA: int;
machine Main {
  start state Init {
    entry {
      receive { case eA: { } }
    }
  }
}
