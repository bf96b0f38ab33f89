// psem: search "=>* violation" --depth 4
// D54: a hot state at the bound of a search is no violation: nothing is decided.
event eGo;
spec Watch observes eGo { start hot state Waiting { on eGo do { } } }
machine Main {
  var n: int;
  start state Init {
    entry { send this, eGo; }
    on eGo do { n = n + 1; send this, eGo; }
  }
}
test t [main = Main]: assert Watch in { Main };
