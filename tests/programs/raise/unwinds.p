// psem: search "=>* violation"
event eUp: int;
machine Main {
  var after: bool;
  fun Deep(n: int): int {
    if (n == 0) { Throw(); }
    return Deep(n - 1) + 1;
  }
  fun Throw() { raise eUp, 3; after = true; }
  start state A {
    entry {
      var n: int;
      n = Deep(2);
      after = true;
    }
    on eUp do (n: int) { assert !after && n == 3; goto B; }
  }
  state B { entry { assert after, "not after"; } }
}
