// psem: check
// A bug: Polling has a handler for the case that there is no event, and runs it again and again.
event eAsk;
event eAnswer;

machine Polling {
  start state Init {
    entry { announce eAsk; }
    on null do {}
  }
}

spec Served observes eAsk, eAnswer {
  start cold state Quiet { on eAsk goto Waiting; }
  hot state Waiting { on eAnswer goto Quiet; }
}

test Never [main = Polling]: assert Served in { Polling };
