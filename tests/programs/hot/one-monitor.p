// psem: search "=>* hot(Second) and cold(First)"
// psem: search "=>* hot(First) and not cold"
// psem: search "=>* hot(First) and hot(Second)"
// psem: search "=>* cold(First)"
// Two monitors, of which one is hot when the other is cold.
event eFirst;
event eSecond;
event eNext;

machine Main {
  start state Init {
    entry {
      announce eFirst;
      send this, eNext;
    }
    on eNext do { announce eSecond; }
  }
}

spec First observes eFirst, eSecond {
  start state Init { on eFirst goto Waiting; }
  hot state Waiting { on eSecond goto Done; }
  cold state Done { }
}

spec Second observes eSecond {
  start state Init { on eSecond goto Waiting; }
  hot state Waiting { }
}

test Both [main = Main]: assert First, Second in { Main };
// psem: search "=>* cold"
