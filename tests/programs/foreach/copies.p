// psem: search "=>* violation"
machine Main {
  start state Init {
    entry {
      var numbers: seq[int];
      var seen: set[int];
      var x: int;
      var sum: int;
      var i: int;
      while (i < 5) {
        i = i + 1;
        if (i == 2) { continue; }
        if (i == 5) { break; }
        numbers += (sizeof(numbers), i);
      }
      foreach (x in numbers) {
        numbers -= (0);
        if (x == 3) { continue; }
        seen += (x);
        sum = sum + x;
      }
      assert sum == 5 && sizeof(numbers) == 0 && x == 4, format("{0} {1} {2}", sum, numbers, x);
      assert 1 in seen && !(3 in seen) && seen[1] == 4;
      foreach (x in seen) { assert x < 4, format("reached {0}", x); }
    }
  }
}
