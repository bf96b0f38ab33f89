// psem: check
// A bug: that Working becomes cold again and again does not help Served, which never does.
event eAsk;
event eAnswer;
event eBegin;
event eEnd;
event eTick;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      send this, eTick;
    }
    on eTick do {
      announce eBegin;
      send this, eTick;
      announce eEnd;
    }
  }
}

spec Working observes eBegin, eEnd {
  start cold state Idle { on eBegin goto Busy; }
  hot state Busy { on eEnd goto Idle; }
}

spec Served observes eAsk, eAnswer {
  start cold state Quiet { on eAsk goto Waiting; }
  hot state Waiting { on eAnswer goto Quiet; }
}

test Never [main = Main]: assert Working, Served in { Main };
