// psem: search "=>* violation"
// `continue` in a case begins the next turn of the loop around the receive, and the
// variables of the case begin anew.
event eX: int;
machine Main {
  start state Init {
    entry {
      var n: int;
      send this, eX, 1;
      send this, eX, 2;
      while (n < 2) {
        receive {
          case eX: (x: int) {
            var own: int;
            n = n + 1;
            own = own + 1;
            assert x == n && own == 1;
            if (true) { continue; }
          }
        }
        assert false;
      }
    }
  }
}
