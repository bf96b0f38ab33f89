// psem: search "=>* violation"
// psem: search "=>! terminated"
// D32: halt is a value like other events; the reference checker cannot copy it.
machine Main {
  start state Init {
    entry {
      var e: event;
      var f: event;
      e = halt;
      f = e;
      assert f == halt;
      send this, f;
    }
  }
}
