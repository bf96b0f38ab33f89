// psem: search "=>* at(Order, Overtaken)"
// D1: an inbox belongs to the receiver: B may answer Main's second event before C has
// handled the first.
event eSlow;
event eFast;
event eGo;
spec Order observes eSlow, eFast {
  start state Init { on eFast goto Sent; ignore eSlow; }
  state Sent { on eSlow goto Overtaken; ignore eFast; }
  state Overtaken { ignore eSlow, eFast; }
}
machine C { start state Init { on eSlow do { announce eSlow; } on eFast do { } } }
machine B { start state Init { entry (c: machine) { receive { case eGo: { } } send c, eFast; } } }
machine Main {
  start state Init {
    entry {
      var b: machine;
      var c: machine;
      c = new C();
      b = new B(c);
      send c, eSlow;
      send b, eGo;
    }
  }
}
test t [main = Main]: assert Order in { Main, B, C };
