// psem: check
// No bug: the monitor is hot for a while, and cold in all that repeats.
event eAsk;
event eAnswer;
event eTick;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      send this, eTick;
    }
    on eTick goto Answered;
  }
  state Answered {
    entry {
      announce eAnswer;
      send this, eTick;
    }
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

test Once [main = Main]: assert Served in { Main };
