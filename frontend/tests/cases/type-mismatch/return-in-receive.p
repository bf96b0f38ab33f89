event eA: int;
fun f(): int {
  receive { case eA: (n: int) { return n; } }
}

machine Main {
  start state Init {
    entry {
      assert f() == 1;
    }
  }
}
