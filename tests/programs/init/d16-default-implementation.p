// psem: search "=>* violation"
// D16: without a test all machines are bound, and no spec is attached.
event eGo;
spec Watch observes eGo { start state Init { on eGo do { assert false; } } }
machine Main { start state Init { entry { send this, eGo; } ignore eGo; } }
