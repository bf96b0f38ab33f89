// A case of a receive has no result, whatever its function has (D68).
event eAnswer: int;
machine Main {
  start state S { entry { Ask(); } }
  fun Ask(): int {
    var result: int;
    receive { case eAnswer: (n: int) { return n; } }
    return result;
  }
}
