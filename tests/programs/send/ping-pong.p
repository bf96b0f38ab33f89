// psem: search "=>* violation"
// psem: search "=>! terminated"
event ePing: int;
event ePong: int;

machine Main {
  var server: machine;
  var left: int;
  start state Init {
    entry {
      left = 3;
      server = new Server(this);
      send server, ePing, left;
    }
    on ePong do (n: int) {
      assert n == left * 2;
      left = left - 1;
      if (left > 0) { send server, ePing, left; }
    }
  }
}

machine Server {
  var client: machine;
  start state Serving {
    entry (c: machine) { client = c; }
    on ePing do (n: int) { send client, ePong, n + n; }
  }
}
