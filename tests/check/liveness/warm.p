// psem: check
// A bug: the monitor leaves its hot state again and again, and is never cold.
event eAsk;
event eNext;

machine Main {
  start state Init {
    entry { send this, eAsk; }
    on eAsk do { send this, eNext; }
    on eNext do { send this, eAsk; }
  }
}

spec Served observes eAsk, eNext {
  start state Init { on eAsk goto Waiting; }
  hot state Waiting { on eNext goto Lukewarm; }
  state Lukewarm { on eAsk goto Waiting; }
}

test Never [main = Main]: assert Served in { Main };
