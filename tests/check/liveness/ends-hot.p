// psem: check
// A bug at the end of a finite execution.
event eAsk;
event eAnswer;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      if ($) { announce eAnswer; }
    }
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

test Ends [main = Main]: assert Served in { Main };
