// psem: check
// No bug: in each of the two configurations `$$` goes both ways, so at last it goes the right way
// twice in a row. Going both ways now here and now there would not be enough.
event eAsk;
event eAnswer;
event eTick;

machine Main {
  var lucky: bool;
  start state Init {
    entry {
      announce eAsk;
      send this, eTick;
    }
    on eTick do {
      if ($$) {
        if (lucky) { announce eAnswer; }
        lucky = true;
      } else {
        lucky = false;
      }
      send this, eTick;
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
