// psem: search "=>* violation"
// psem: search "=>! at(Main, C)"
// D10: deferred events keep their place: Go is handled first, then D2, then D1.
event eD1;
event eD2;
event eGo;

machine Main {
  var order: seq[int];
  start state A {
    entry { send this, eD1; send this, eD2; send this, eGo; }
    defer eD1, eD2;
    on eGo goto B;
  }
  state B {
    defer eD1;
    on eD2 goto C with { order += (0, 2); }
  }
  state C {
    on eD1 do { order += (1, 1); assert order[0] == 2 && sizeof(order) == 2; }
  }
}
