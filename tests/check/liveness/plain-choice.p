// psem: check
// A bug: `$` may always go the same way.
event eAsk;
event eAnswer;
event eTick;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      send this, eTick;
    }
    on eTick do {
      if ($) {
        announce eAnswer;
      } else {
        send this, eTick;
      }
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

test Unlucky [main = Main]: assert Served in { Main };
