// psem: search "=>* violation(assertion)"
// Monitors handle an event in the order in which they are attached, inner before outer;
// each handles it to its end.
event eGo;
spec Inner observes eGo { start state Init { on eGo do { assert false, "inner"; } } }
spec Outer observes eGo { start state Init { on eGo do { assert false, "outer"; } } }
machine Main { start state Init { entry { send this, eGo; } ignore eGo; } }
test t [main = Main]: assert Outer in (assert Inner in { Main });
