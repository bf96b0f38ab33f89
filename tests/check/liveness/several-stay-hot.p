// psem: check --keep-going
// Two bugs: each monitor stays hot in a cycle of its own.
event eAskLeft;
event eAskRight;
event eTick;

machine Main {
  start state Init {
    entry {
      if ($) { announce eAskLeft; } else { announce eAskRight; }
      send this, eTick;
    }
    on eTick do { send this, eTick; }
  }
}

spec Left observes eAskLeft {
  start cold state Quiet { on eAskLeft goto Waiting; }
  hot state Waiting {}
}

spec Right observes eAskRight {
  start cold state Quiet { on eAskRight goto Waiting; }
  hot state Waiting {}
}

test Never [main = Main]: assert Left, Right in { Main };
