// psem: search "=>* violation"
// D31: choose(0) is 0, choose(n) is below n.
machine Main {
  start state Init {
    entry {
      var n: int;
      assert choose(0) == 0;
      n = choose(5);
      assert 0 <= n && n < 5 && choose(1) == 0;
    }
  }
}
