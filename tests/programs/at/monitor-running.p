// psem: search "=>* at(Watch, Failing) and violation"
// psem: search "=>* at(Main, Failing) and violation"
// A machine or monitor that failed is still in its state.
event eGo;
spec Watch observes eGo {
  start state Init { on eGo goto Failing; }
  state Failing { entry { assert false; } }
}
machine Main {
  start state Init { entry { if ($) { announce eGo; } goto Failing; } }
  state Failing { entry { assert false; } }
}
test t [main = Main]: assert Watch in { Main };
