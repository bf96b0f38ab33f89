// psem: check
// No bug: one of the monitors is always hot, but neither of them stays hot.
event eLeft;
event eRight;
event eTick;

machine Main {
  start state Init {
    entry { send this, eTick; }
    on eTick do {
      announce eLeft;
      send this, eTick;
      announce eRight;
    }
  }
}

spec WaitsForRight observes eLeft, eRight {
  start cold state Quiet { on eLeft goto Waiting; ignore eRight; }
  hot state Waiting { on eRight goto Quiet; }
}

spec WaitsForLeft observes eLeft, eRight {
  start hot state Waiting { on eLeft goto Quiet; }
  cold state Quiet { on eRight goto Waiting; }
}

test Turns [main = Main]: assert WaitsForRight, WaitsForLeft in { Main };
