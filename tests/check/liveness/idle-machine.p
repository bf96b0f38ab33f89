// psem: check
// A bug: Idle has nothing to do, so the cycle in which it never acts is fair.
event eAsk;
event eAnswer;
event ePing: machine;
event ePong;

machine Main {
  var other: machine;
  start state Init {
    entry {
      announce eAsk;
      new Idle();
      other = new Echo();
      send other, ePing, this;
    }
    on ePong do { send other, ePing, this; }
  }
}

machine Echo {
  start state Init {
    on ePing do (it: machine) { send it, ePong; }
  }
}

machine Idle {
  start state Init { }
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

test Never [main = Main]: assert Served in { Main, Echo, Idle };
