// psem: search "=>* violation"
// A foreign function of a machine hides a global one of the same name, foreign or not.
fun Twice(n: int): int { return n + n; }
fun Half(n: int): int;
machine Main {
  start state Init { entry { Half(4); Twice(1); } }
  fun Twice(n: int);
  fun Half(n: int);
}
