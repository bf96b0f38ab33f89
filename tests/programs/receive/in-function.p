// psem: search "=>* violation"
// psem: search "=>! terminated"
event eAsk: (from: machine, n: int);
event eSquare: int;

fun Square(server: machine, me: machine, n: int): int {
  var result: int;
  send server, eAsk, (from = me, n = n);
  receive {
    case eSquare: (s: int) { result = s; }
  }
  return result;
}

machine Main {
  start state Init {
    entry {
      var server: machine;
      server = new Squares();
      assert Square(server, this, 3) + Square(server, this, 4) == 25;
    }
  }
}

machine Squares {
  start state Ready {
    on eAsk do (ask: (from: machine, n: int)) { send ask.from, eSquare, ask.n * ask.n; }
  }
}
