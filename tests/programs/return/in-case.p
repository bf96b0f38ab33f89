// psem: search "=>* violation"
// `return` in a case leaves the function, not only the receive.
event eX;
machine Main {
  start state Init {
    entry { send this, eX; Wait(); goto Done; }
  }
  state Done { }
  fun Wait() {
    while (true) { receive { case eX: { return; } } }
  }
}
