// psem: check
// No bug: only a scheduler that never picks Answering keeps the monitor hot, and it is not fair.
event eAsk;
event eAnswer;
event eTick;

machine Main {
  start state Init {
    entry {
      new Answering();
      announce eAsk;
      send this, eTick;
    }
    on eTick do { send this, eTick; }
  }
}

machine Answering {
  start state Init { entry { announce eAnswer; } }
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

test Fair [main = Main]: assert Served in { Main, Answering };
