// psem: check -s 10 --seed 1
// Eight machines make noise while two count to five together. The bug needs the starts of the two, 9
// creations, 5 messages sent and 5 taken out: 21 steps.
event eCount: (from: machine, number: int);
event eNoise: int;

machine Main {
  start state Init {
    entry {
      var counter: machine;
      var n: int;
      while (n < 4) {
        new Noise();
        n = n + 1;
      }
      counter = new Counter();
      while (n < 8) {
        new Noise();
        n = n + 1;
      }
      send counter, eCount, (from = this, number = 1);
    }
    on eCount do (count: (from: machine, number: int)) {
      send count.from, eCount, (from = this, number = count.number + 1);
    }
  }
}

machine Counter {
  start state Init {
    on eCount do (count: (from: machine, number: int)) {
      assert count.number < 5, "counted to five";
      send count.from, eCount, (from = this, number = count.number + 1);
    }
  }
}

machine Noise {
  start state Init {
    entry { send this, eNoise, choose(3); }
    on eNoise do (n: int) {
      if (n > 0) { send this, eNoise, n - 1; }
    }
  }
}
