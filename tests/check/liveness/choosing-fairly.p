// psem: check
// No bug: the fair choice ends the loop.
event eAsk;
event eAnswer;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      new Answering();
      while ($$) { }
    }
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

test Busy [main = Main]: assert Served in { Main, Answering };
