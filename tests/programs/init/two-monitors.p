// psem: search "=>* violation"
// Monitors start one after the other, before any machine; a spec that is named twice in
// different modules starts once.
event eGo;
spec One observes eGo { var n: int; start state Init { entry { n = 1; } on eGo do { assert n == 1; } } }
spec Two observes eGo { start state Init { entry { goto Next; } } state Next { on eGo do { } } }
machine Other { start state Init { entry { announce eGo; } } }
machine Main { start state Init { entry { new Other(); announce eGo; } } }
test t [main = Main]: assert Two, One in (union { Main }, { Other });
