// psem: search "=>* violation"
// psem: search "=>! terminated"
// D65: halt ends a receive that has no case for it: the handler is abandoned, the exit runs.
event eX;
event eExited;
spec Watch observes eExited {
  start hot state Waiting { on eExited goto Seen; }
  state Seen { }
}
machine Main {
  start state Init {
    entry {
      send this, halt;
      receive { case eX: { } }
      assert false;
    }
    exit { announce eExited; }
  }
}
test t [main = Main]: assert Watch in { Main };
