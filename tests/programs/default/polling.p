// psem: search "=>* violation"
// psem: search "=>* at(Main, Done)"
event eTick;
machine Main {
  var n: int;
  start state Polling {
    entry { send this, eTick; }
    on null do {
      n = n + 1;
      if (n == 2) { goto Done; }
    }
    on eTick do { assert n == 0, "the inbox comes first"; }
  }
  state Done { }
}
