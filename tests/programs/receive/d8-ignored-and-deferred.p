// psem: search "=>* violation"
// psem: search "=>* at(Main, Done)"
// D8: what the state ignores or defers can be received.
event eX;
event eY;
machine Main {
  start state Init {
    ignore eX;
    defer eY;
    entry {
      send this, eX;
      send this, eY;
      receive { case eX: { } }
      receive { case eY: { } }
      goto Done;
    }
  }
  state Done { }
}
