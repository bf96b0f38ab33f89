// psem: check
// A bug, and the cycle lets both machines act: each alone would be an unfair cycle.
event eAsk;
event eAnswer;
event eTick;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      new Turning();
      send this, eTick;
    }
    on eTick do { send this, eTick; }
  }
}

machine Turning {
  start state Init {
    entry { send this, eTick; }
    on eTick do { send this, eTick; }
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

test Never [main = Main]: assert Served in { Main, Turning };
