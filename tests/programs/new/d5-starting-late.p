// psem: search "=>* violation" -t Early
// A new machine's entry competes with everything else (D5, D39).
event eHandled;
event eStarted;
event eGo;

spec First observes eHandled, eStarted {
  start state W {
    on eStarted goto D;
    on eHandled do { assert false, "handled before the other started"; }
  }
  state D { ignore eHandled, eStarted; }
}

machine Main {
  start state Init {
    entry { new B(); send this, eGo; }
    on eGo do { announce eHandled; }
  }
}

machine B {
  start state Init {
    entry { announce eStarted; }
  }
}

test Early [main = Main]: assert First in { Main, B };
