// psem: search "=>* violation"
// psem: search "=>* at(Main, Polled)"
// D11: null is handled only where nothing is to be taken from the inbox.
event eX;
machine Main {
  start state Init {
    entry { send this, eX; }
    on eX goto Next;
    on null do { assert false; }
  }
  state Next {
    defer eX;
    entry { send this, eX; }
    on null goto Polled;
  }
  state Polled { ignore eX; }
}
