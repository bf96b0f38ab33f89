event eRequest;
machine Main {
  start state Init {
    entry {
      send this, eRequst;
    }
  }
}
