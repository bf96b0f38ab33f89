// psem: search "=>* violation(null-event)"
event eGo;
spec Watch observes eGo { start state Init { on eGo do { var e: event; raise e; } } }
machine Main { start state Init { entry { announce eGo; } } }
test t [main = Main]: assert Watch in { Main };
