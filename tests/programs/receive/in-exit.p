// psem: search "=>* violation"
// psem: search "=>* at(Main, Next)"
// An exit may wait, and the machine is between its states meanwhile.
event eX;
machine Main {
  start state Init {
    entry { send this, eX; goto Next; }
    exit { receive { case eX: { } } }
  }
  state Next { }
}
