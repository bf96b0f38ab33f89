// psem: check
// No bug: Polling may run its handler for the case that there is no event for ever, but a fair
// scheduler picks Answering as well.
event eAsk;
event eAnswer;

machine Polling {
  start state Init {
    entry {
      announce eAsk;
      new Answering();
    }
    on null do {}
  }
}

machine Answering {
  start state Init {
    entry { announce eAnswer; }
  }
}

spec Served observes eAsk, eAnswer {
  start cold state Quiet { on eAsk goto Waiting; }
  hot state Waiting { on eAnswer goto Quiet; }
}

test Answered [main = Polling]: assert Served in { Polling, Answering };
