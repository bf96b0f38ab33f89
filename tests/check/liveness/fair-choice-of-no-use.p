// psem: check
// A bug, and the cycle goes both ways at the fair choice.
event eAsk;
event eAnswer;
event eLeft;
event eRight;

machine Main {
  start state Init {
    entry {
      announce eAsk;
      turn();
    }
    on eLeft do turn;
    on eRight do turn;
  }

  fun turn() {
    if ($$) { send this, eLeft; } else { send this, eRight; }
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

test Never [main = Main]: assert Served in { Main };
