// psem: search "=>* violation"
// psem: search "=>! not terminated"
// D60: an execution in which an assumption fails goes no further and violates nothing.
machine Main {
  start state Init {
    entry {
      var n: int;
      n = choose(3);
      assume n > 0, "positive";
      assume true;
      assert n != 0;
    }
  }
}
