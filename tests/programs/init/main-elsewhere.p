// psem: search "=>* violation(missing-link)"
// A main machine that is not bound under its own name can create nothing, and no monitor
// sees what it sends.
event eGo;
interface Front() receives eGo, halt;
spec Watch observes eGo { start state Init { on eGo do { assert false; } } }
machine Server { start state Init { } }
machine Main { start state Init { entry { announce eGo; new Server(); } } }
test t [main = Main]: assert Watch in { Main -> Front, Server };
