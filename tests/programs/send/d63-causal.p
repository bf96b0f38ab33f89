// psem: search "=>* violation"
// D63: an event that causes another by way of a third machine arrives before it.
event eFirst;
event eSecond;
event eForward: machine;
machine Target {
  start state Init { on eFirst goto Next; }
  state Next { on eSecond do { } }
}
machine Relay { start state Init { on eForward do (t: machine) { send t, eSecond; } } }
machine Main {
  start state Init {
    entry {
      var t: machine;
      var r: machine;
      t = new Target();
      r = new Relay();
      send t, eFirst;
      send r, eForward, t;
    }
  }
}
