// psem: search "=>* violation"
fun Factorial(n: int): int {
  var rest: int;
  if (n <= 1) { return 1; }
  rest = Factorial(n - 1);
  return n * rest;
}

machine Main {
  var calls: int;
  fun Count(upto: int): int {
    var i: int;
    assert i == 0;
    while (true) {
      i = i + 1;
      calls = calls + 1;
      if (i == upto) { return i; }
    }
    return -1;
  }
  start state Init {
    entry {
      assert Factorial(10) == 3628800;
      assert Count(3) + Count(4) == 7 && calls == 7;
      assert Factorial(21) < 0, "64 bits wrap";
    }
  }
}
