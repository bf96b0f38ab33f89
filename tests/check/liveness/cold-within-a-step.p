// psem: check
// No bug: between two steps the monitor is always hot, but in each step it becomes cold.
event eAsk;
event eAnswer;
event eTick;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      send this, eTick;
    }
    on eTick do {
      announce eAnswer;
      announce eAsk;
      send this, eTick;
    }
  }
}

spec Served observes eAsk, eAnswer {
  start cold state Quiet {
    on eAsk goto Waiting;
    ignore eAnswer;
  }
  hot state Waiting {
    on eAnswer goto Quiet;
    ignore eAsk;
  }
}

test Always [main = Main]: assert Served in { Main };
