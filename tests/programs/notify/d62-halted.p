// psem: search "=>* at(Count, Two)"
// D62: a monitor sees also what is sent to a halted machine.
event eGo;
spec Count observes eGo {
  start state Zero { on eGo goto One; }
  state One { on eGo goto Two; }
  state Two { }
}
machine Dead { start state Init { entry { raise halt; } } }
machine Main {
  start state Init {
    entry { var dead: machine; dead = new Dead(); send dead, eGo; send dead, eGo; }
  }
}
test t [main = Main]: assert Count in { Main, Dead };
