// psem: search "=>* violation"
// A goto in a function abandons all calls; exit and entry run, also into the same state.
machine Main {
  var n: int;
  start state Init {
    entry { if (n < 2) { Outer(1 + Add()); } }
    exit { n = n + 1; }
  }
  fun Outer(x: int) { Inner(); assert false; }
  fun Inner() { goto Init; }
  fun Add(): int { assert n < 2; return 1; }
}
