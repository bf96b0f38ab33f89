// psem: search "=>* violation(unhandled-event)"
event eGo;
spec Watch observes eGo { start state Init { on eGo do { raise halt; } } }
machine Main { start state Init { entry { announce eGo; } } }
test t [main = Main]: assert Watch in { Main };
