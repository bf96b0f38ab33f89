// psem: search "=>* violation"
// psem: search "=>* at(Main, Alive)"
// A case for halt takes it, and the machine lives on.
event eX;
machine Main {
  start state Init {
    entry {
      send this, halt;
      receive { case halt: { } case eX: { } }
      goto Alive;
    }
  }
  state Alive { }
}
