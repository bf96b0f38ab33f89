// psem: check -t Together --ltl "[] <> at(Left, Down) /\ [] <> at(Right, Down)"
// psem: check -t Together --ltl "[] <> (at(Left, Down) and at(Right, Down))"
// psem: check -t Alone --ltl "<> at(Left, Down)" --ltl "[] ~ deadlock"
// psem: check -t Together --ltl "at(Right, Down) |-> ~ at(Left, Down)"
// Two machines that go on for ever. Fairness gives each of them its turn, but not both at once, and
// not a time when one of them is in one state alone.
event eNext;

machine Left {
  start state Up {
    entry { send this, eNext; }
    on eNext goto Down;
  }
  state Down {
    entry { send this, eNext; }
    on eNext goto Up;
  }
}

machine Right {
  start state Up {
    entry { send this, eNext; }
    on eNext goto Down;
  }
  state Down {
    entry { send this, eNext; }
    on eNext goto Up;
  }
}

machine Both { start state Init { entry { new Left(); new Right(); } } }

machine Patient {
  start state Init { entry { new Left(); send this, eNext; } on eNext do { send this, eNext; } }
}

test Together [main = Both]: { Both, Left, Right };
test Alone [main = Patient]: { Patient, Left };
