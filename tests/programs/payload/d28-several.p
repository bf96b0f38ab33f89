// psem: search "=>* violation"
// D28: several arguments are a tuple for send, raise, announce and new alike.
event ePair: (int, string);
spec Watch observes ePair {
  start state Init { on ePair do (p: (int, string)) { assert p.1 == "two"; } }
}
machine Other {
  start state Init { entry (p: (int, string)) { assert p == (1, "two"); } }
}
machine Main {
  start state Init {
    entry {
      new Other(1, "two");
      announce ePair, 1, "two";
      send this, ePair, 1, "two";
      raise ePair, 2, "two";
    }
    on ePair do (p: (int, string)) { assert p.1 == "two"; }
  }
}
test t [main = Main]: assert Watch in { Main, Other };
