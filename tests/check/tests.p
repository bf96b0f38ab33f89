// psem: check --max-states 100
// psem: check -t Wrong --json
// psem: check -t Many --max-states 20
// psem: check -t Wrong --keep-going
// A test of each verdict: nothing wrong, one bug, two bugs, and endlessly many configurations.
event eNumber: int;

machine Right {
  start state Init {
    entry { send this, eNumber, 1; }
    on eNumber do (n: int) { assert n == 1; }
  }
}

machine Wrong {
  start state Init {
    entry { send this, eNumber, choose(3); }
    on eNumber do (n: int) {
      assert n != 1;
      assert n != 2, "two";
    }
  }
}

machine Counting {
  start state Init {
    entry { send this, eNumber, 0; }
    on eNumber do (n: int) { send this, eNumber, n + 1; }
  }
}

test Right [main = Right]: { Right };
test Wrong [main = Wrong]: { Wrong };
test Many [main = Counting]: { Counting };
