// psem: search "=>* violation"
// Hiding and composing change nothing at run time.
event eGo;
machine Worker receives eGo; sends; { start state Init { on eGo do { } } }
machine Main sends eGo; {
  start state Init { entry { send new Worker(), eGo; } }
}
module both = compose { Main }, { Worker };
test t [main = Main]: hidei Worker in both;
