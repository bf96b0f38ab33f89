// psem: search "=>* violation"
// psem: search "=>* at(Watch, Hot)"
// What a monitor raises in a function it calls it handles at once; the exit, the code of
// `with` and the entry run in this order.
event eGo;
event eInner: int;
spec Watch observes eGo, eInner {
  var log: string;
  start cold state Init {
    on eGo do { log = log + "a"; Deep(2); assert false; }
    exit { log = log + "c"; }
    on eInner goto Hot with (n: int) { log = format("{0}d{1}", log, n); }
  }
  state Hot {
    entry (n: int) { assert log == "abcd1", log; assert n == 1; }
    ignore eGo;
  }
  fun Deep(n: int) { if (n > 0) { Deep(n - 1); } log = log + "b"; raise eInner, 1; }
}
machine Main { start state Init { entry { announce eGo; send this, eGo; } ignore eGo; } }
test t [main = Main]: assert Watch in { Main };
