// psem: search "=>* violation"
// psem: search "=>! terminated"
// What hundreds of choices lead to is found out as far as it is needed.
machine Main {
  start state Init {
    entry {
      var i: int;
      i = choose(700) / (choose(2) + 1);
      assert i != 555;
      raise halt;
    }
  }
}
