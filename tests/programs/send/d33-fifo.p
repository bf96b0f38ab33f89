// psem: search "=>* violation"
// D33: an inbox is first in, first out: the second event finds the state after the first.
event eFirst;
event eSecond;
machine Target {
  start state Init { on eFirst goto Next; }
  state Next { on eSecond do { } }
}
machine Main {
  start state Init {
    entry { var t: machine; t = new Target(); send t, eFirst; send t, eSecond; }
  }
}
