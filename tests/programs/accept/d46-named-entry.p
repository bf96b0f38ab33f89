// psem: search "=>* violation"
// D46: an entry with a name takes the payload of goto; the reference checker loses it.
machine Main {
  start state Init { entry { goto Next, 5; } }
  state Next { entry Begin; }
  fun Begin(x: int) { assert x == 5; }
}
