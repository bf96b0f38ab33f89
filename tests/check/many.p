// psem: check -s 40 --keep-going
// psem: check --strategy dfs -s 30
// A machine that chooses among many values, again and again, beside one that works on them.
event eNumber: int;

machine Main {
  start state Init {
    entry {
      var adder: machine;
      var numbers: set[int];
      var i: int;
      adder = new Adder();
      while (i < 12) { numbers += (3 * i); i = i + 1; }
      i = 0;
      while (i < 3) {
        send adder, eNumber, choose(20) + choose(numbers);
        i = i + 1;
      }
    }
  }
}

machine Adder {
  var sum: int;
  start state Adding {
    on eNumber do (number: int) {
      sum = sum + number;
      assert sum % 17 != 3, format("the sum is {0}", sum);
    }
  }
}
