// psem: check
// A bug: it is for `$` to decide whether the loop is left, and that it never does is allowed; that
// `$$` beside it goes both ways does not help.
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
      if ($$ && $) { announce eAnswer; } else { send this, eTick; }
    }
  }
}

spec Served observes eAsk, eAnswer {
  start cold state Quiet { on eAsk goto Waiting; }
  hot state Waiting { on eAnswer goto Quiet; }
}

test Maybe [main = Main]: assert Served in { Main };
