// psem: check
// A bug: all machines halt, and nobody answered.
event eAsk;
event eAnswer;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      new Halting();
      raise halt;
    }
  }
}

machine Halting {
  start state Init {
    entry { raise halt; }
  }
}

spec Served observes eAsk, eAnswer {
  start cold state Quiet { on eAsk goto Waiting; }
  hot state Waiting { on eAnswer goto Quiet; }
}

test Never [main = Main]: assert Served in { Main, Halting };
