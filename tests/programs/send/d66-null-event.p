// psem: search "=>* violation(null-event)" --solutions 3
// D66: a null event is reported as such, with arguments or without, and before the target.
event eGo: int;
machine Main {
  start state Init {
    entry {
      var e: event;
      var m: machine;
      if ($) { send this, e; }
      if ($) { send this, e, 1; }
      send m, e;
    }
  }
}
