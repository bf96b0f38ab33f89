// A machine that halts with letters in its inbox, a choice, a monitor that is shown a payload, and
// at the end an event that nobody expects.
event eAsk: (from: machine, number: int);
event eAnswer: int;

machine Main {
  var worker: machine;
  start state Init {
    entry {
      worker = new Worker();
      send worker, eAsk, (from = this, number = choose(3));
      goto Waiting;
    }
  }
  state Waiting {
    on eAnswer do (number: int) {
      print format("the answer is {0}", number);
      send worker, halt;
      send worker, eAsk, (from = this, number = 7);
      goto Deaf;
    }
  }
  state Deaf { entry { if ($) { send this, eAnswer, 0; } } }
}

machine Worker {
  start state Init {
    on eAsk do (ask: (from: machine, number: int)) { send ask.from, eAnswer, ask.number + 1; }
  }
}

spec Answers observes eAnswer {
  start state Init { on eAnswer goto Init; }
}

test answers [main = Main]: assert Answers in { Main, Worker };
