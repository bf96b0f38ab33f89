// psem: search "=>* violation"
// D38: deferred events keep their place, ignored ones vanish.
event eA: int;
event eB;
event eGo;
machine Main {
  var got: int;
  start state Init {
    defer eA;
    ignore eB;
    entry { send this, eA, 1; send this, eB; send this, eA, 2; send this, eGo; }
    on eGo goto Next;
  }
  state Next {
    on eA do (n: int) { got = got + 1; assert n == got; }
    on eB do { assert false; }
  }
}
