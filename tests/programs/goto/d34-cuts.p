// psem: search "=>* violation"
// D34: nothing behind a goto runs.
machine Main {
  var n: int;
  start state Init { entry { goto Next; n = 1; } }
  state Next { entry { assert n == 0; } }
}
