// psem: search "=>* violation"
// D40, D41: fields begin with defaults and keep their values, also in monitors.
event eGo;
spec Watch observes eGo { var n: int; start state Init { on eGo do { n = n + 1; assert n < 3; } } }
machine Main {
  var n: int;
  var q: seq[int];
  start state Init { entry { assert n == 0 && sizeof(q) == 0; n = 1; announce eGo; goto Next; } }
  state Next { entry { assert n == 1; announce eGo; } }
}
test t [main = Main]: assert Watch in { Main };
