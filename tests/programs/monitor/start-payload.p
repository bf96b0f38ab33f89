// psem: search "=>* violation(null-value)"
// The start entry of a monitor gets null.
event eGo;
spec Watch observes eGo { start state First { entry (n: int) { } } }
machine Main { start state Init { } }
test t [main = Main]: assert Watch in { Main };
