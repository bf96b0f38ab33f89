// psem: search "=>* violation"
// Hiding an event changes nothing at run time.
event eGo;
machine Worker receives eGo; sends eGo; { start state Init { on eGo do { } } }
machine Main receives; sends eGo; {
  start state Init { entry { send new Worker(), eGo; } }
}
test t [main = Main]: hidee eGo in { Main, Worker };
