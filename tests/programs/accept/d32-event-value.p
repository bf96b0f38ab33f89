// psem: search "=>* violation(null-value)"
// D32: an event that was sent by way of a variable has no payload.
event eNumber: int;
machine Main {
  start state Init {
    entry { var e: event; e = eNumber; send this, e; }
    on eNumber do (n: int) { }
  }
}
