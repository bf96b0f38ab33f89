// psem: check --coverage
// psem: check --coverage -s 3 --seed 4
// What is reached within a step counts, too: Passed is left where it is entered, and Watching handles
// what it raises itself.
event eGo;
event eOwn;
event eNever;

machine Main {
  start state Init {
    entry { goto Passed; }
  }
  state Passed {
    entry { goto Last; }
    on eNever do { }
  }
  state Last {
    entry { send this, eGo; }
    on eGo do { if ($) { raise halt; } }
  }
  state Missed { }
}

spec Watching observes eGo {
  start state Init {
    on eGo do { raise eOwn; }
    on eOwn goto Seen;
  }
  state Seen { }
}

scenario Going observes eGo {
  start state Waiting { on eGo goto Gone; }
  cold state Gone { ignore eGo; }
}

scenario Staying observes eNever {
  start state Waiting { on eNever goto Gone; }
  cold state Gone { }
}

test Reaching [main = Main]: assert Watching in { Main };
