// psem: check
// Something of everything that a log has a line for; Main asserts at the end.
event eAsk: (from: machine, number: int);
event eAnswer: seq[bool];
event eGone;

machine Main {
  var helper: machine;
  start state Init {
    entry {
      var n: int;
      helper = new Helper();
      n = choose(2) + 1;
      send helper, eAsk, (from = this, number = n);
      receive {
        case eAnswer: (all: seq[bool]) { print format("got {0}", sizeof(all)); }
      }
      send helper, halt;
      raise eGone;
    }
    on eGone goto Done;
  }
  state Done {
    entry {
      announce eGone;
      assert false, "it is over";
    }
  }
}

machine Helper {
  start state Init {
    on eAsk do (ask: (from: machine, number: int)) {
      var all: seq[bool];
      all += (0, $);
      send ask.from, eAnswer, all;
    }
  }
}

spec Watching observes eGone, eAsk {
  start cold state Quiet {
    on eAsk goto Waiting;
  }
  hot state Waiting {
    on eGone do { raise eGone2; }
    on eGone2 goto Quiet;
  }
}

event eGone2;

test Everything [main = Main]: assert Watching in { Main, Helper };
