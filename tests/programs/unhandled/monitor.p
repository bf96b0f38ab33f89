// psem: search "=>* violation(unhandled-event)"
// An observed event needs a handler in every state of the monitor; no exit runs.
event eGo;
spec Watch observes eGo {
  start state Init { on eGo goto Next; }
  state Next { exit { assert false; } }
}
machine Main { start state Init { entry { announce eGo; announce eGo; } } }
test t [main = Main]: assert Watch in { Main };
