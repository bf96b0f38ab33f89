// psem: search "=>* violation"
// psem: search "=>* hot"
// A monitor that is hot and warm in turn, for ever, is no violation: no temperature rises,
// as it would in the reference checker (D53).
event eAsk;
event eAnswer;
machine Main {
  start state Working {
    entry { send this, eAsk; }
    on eAsk do { send this, eAnswer; }
    on eAnswer goto Working;
  }
}
spec Progress observes eAsk, eAnswer {
  start state Calm { on eAsk goto Waiting; }
  hot state Waiting { on eAnswer goto Calm; }
}
test T [main = Main]: assert Progress in { Main };
