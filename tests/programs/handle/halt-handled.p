// psem: search "=>* violation"
// psem: search "=>* at(Main, Last)"
// `halt` with a handler, ignored or deferred halts nobody.
event eNext;
machine Main {
  start state Init {
    entry { send this, halt; send this, eNext; }
    on halt do { }
    on eNext goto Ignoring;
  }
  state Ignoring {
    ignore halt;
    entry { send this, halt; send this, eNext; }
    on eNext goto Deferring;
  }
  state Deferring {
    defer halt;
    entry { send this, halt; send this, eNext; }
    on eNext goto Last;
  }
  state Last {
    on halt goto Done;
  }
  state Done { entry { raise halt; } exit { } }
}
