// psem: search "=>* deadlock"
// A case for null is never taken.
machine Main {
  start state Init {
    entry { receive { case null: { } } assert false; }
  }
}
