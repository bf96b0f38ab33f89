// psem: check
// A bug: the monitor goes from one hot state to another and back, and is never cold.
event eAsk;
event eMore;
event eTick;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      send this, eTick;
    }
    on eTick do {
      announce eMore;
      send this, eTick;
    }
  }
}

spec Served observes eAsk, eMore {
  start cold state Quiet { on eAsk goto Waiting; }
  hot state Waiting { on eMore goto WaitingLonger; }
  hot state WaitingLonger { on eMore goto Waiting; }
}

test Never [main = Main]: assert Served in { Main };
