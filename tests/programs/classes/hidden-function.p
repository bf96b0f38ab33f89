// psem: search "=>* violation"
// A function of a machine hides a global one of the same name, foreign or not.
fun Twice(n: int): int { return n + n; }
fun Half(n: int): int;
machine Main {
  start state Init { entry { assert Twice(4) == 4 && Half(4) == 2 && Same(1) == 1; } }
  fun Twice(n: int): int { return n; }
  fun Half(n: int): int { return n / 2; }
}
fun Same(n: int): int { return n; }
