// psem: search "=>* violation"
// psem: search "=>* at(Watch, Third)"
// The start entry of a monitor may raise and go on, before any machine exists.
event eGo;
spec Watch observes eGo {
  var n: int;
  start state First { entry { n = 1; raise eGo; } on eGo goto Second; exit { n = n + 1; } }
  state Second { entry { assert n == 2; Leave(); assert false; } }
  state Third { entry (x: int) { assert x == 3; } ignore eGo; }
  fun Leave() { if (n == 2) { goto Third, 3; } }
}
machine Main { start state Init { entry { send this, eGo; } ignore eGo; } }
test t [main = Main]: assert Watch in { Main };
