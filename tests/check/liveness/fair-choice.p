// psem: check
// No bug: `$$` goes both ways at last.
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
      if ($$) {
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

test Lucky [main = Main]: assert Served in { Main };
