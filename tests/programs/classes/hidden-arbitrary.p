// psem: search "=>* violation" --foreign-values
// As hidden-foreign.p; now both return something.
fun Twice(n: int): int { return n + n; }
fun Half(n: int): int;
machine Main {
  start state Init { entry { Half(4); Twice(1); } }
  fun Twice(n: int);
  fun Half(n: int);
}
