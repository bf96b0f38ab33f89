event eA;
fun f(n: string): int { return "x"; }
machine Main {
  start state Init {
    entry {
      var x: int;
      x = true;
      send 1, eA;
      goto Nowhere;
      assert f(1) == "a";
    }
  }
}
