// psem: check
// No bug: Answering could be picked at every scheduling point of the cycle. That it could not be
// picked while Main chooses does not excuse the scheduler.
event eAsk;
event eAnswer;
event eTick;

machine Main {
  var odd: bool;
  start state Init {
    entry {
      new Answering();
      announce eAsk;
      send this, eTick;
    }
    on eTick do {
      odd = $;
      send this, eTick;
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

test Fair [main = Main]: assert Served in { Main, Answering };
