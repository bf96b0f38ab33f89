// psem: search "=>* violation(liveness)"
// psem: search "=>* violation(deadlock)"
// Hot states, receive, announce and raise are executed, which P's verifier does not (D42).
event eStart;
event eEnd;
machine Main {
  start state Begin {
    entry { raise eStart; }
    on eStart do {
      announce eStart;
      if ($) { receive { case eEnd: { } } }
    }
  }
}
spec Ends observes eStart, eEnd {
  start state Calm { on eStart goto Waiting; }
  hot state Waiting { on eEnd goto Calm; }
}
test T [main = Main]: assert Ends in { Main };
