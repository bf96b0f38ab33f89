// psem: search "=>* violation(null-value)"
// D32: the parameter of a case takes a payload as that of a handler does.
event eNumber: int;
machine Main {
  start state Init {
    entry {
      var e: event;
      e = eNumber;
      send this, eNumber, 1;
      send this, e;
      receive { case eNumber: (n: int) { assert n == 1; } }
      receive { case eNumber: (n: int) { } }
    }
  }
}
