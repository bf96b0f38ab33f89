// psem: search "=>* at(Main, One) and not violation"
// psem: search "=>* at(Main, Two) or deadlock"
// psem: search "=>* hot and at(Watch, Waiting)"
// psem: search "=>* stuck"
// psem: search "=>! not terminated"
event eGo;
spec Watch observes eGo {
  start state Init { on eGo goto Waiting; }
  hot state Waiting { }
}
machine Main {
  start state Init { entry { if ($) { goto One; } goto Two; } }
  state One { entry { announce eGo; assert $; assume $; } }
  state Two { }
}
test t [main = Main]: assert Watch in { Main };
