// psem: check
// A deadlock, which is told before the monitor that is hot.
event eAsk;
event eAnswer;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      receive { case eAnswer: {} }
    }
  }
}

spec Served observes eAsk, eAnswer {
  start cold state Quiet { on eAsk goto Waiting; }
  hot state Waiting { on eAnswer goto Quiet; }
}

test Never [main = Main]: assert Served in { Main };
