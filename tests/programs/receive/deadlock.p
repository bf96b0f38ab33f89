// psem: search "=>* violation"
// psem: search "=>* deadlock"
event eAsk: machine;
event eAnswer: int;

machine Main {
  start state Init {
    entry {
      var clerk: machine;
      clerk = new Clerk();
      send clerk, eAsk, this;
      receive {
        case eAnswer: (n: int) { assert n == 42; }
      }
    }
  }
}

machine Clerk {
  start state Open {
    on eAsk do (who: machine) {
      if ($) { send who, eAnswer, 42; }
    }
  }
}
