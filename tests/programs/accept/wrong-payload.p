// psem: search "=>* violation(bad-cast)"
// The payload of an event variable is not checked before the event is handled.
event eNumber: int;
machine Main {
  start state Init {
    entry { var e: event; e = eNumber; send this, e, "one"; }
    on eNumber do (n: int) { }
  }
}
