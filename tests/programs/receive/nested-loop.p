// psem: search "=>* violation"
event eA: int;
event eB: int;

machine Main {
  var sum: int;
  start state Init {
    entry {
      var i: int;
      var n: int;
      new Feeder(this);
      while (i < 2) {
        receive {
          case eA: (a: int) {
            n = a;
            receive {
              case eB: (b: int) { n = n + b; }
            }
          }
        }
        sum = sum + n;
        i = i + 1;
      }
      assert sum == 33, format("sum is {0}", sum);
    }
  }
}

machine Feeder {
  start state Init {
    entry (sink: machine) {
      send sink, eB, 10;
      send sink, eA, 1;
      send sink, eA, 2;
      send sink, eB, 20;
    }
  }
}
