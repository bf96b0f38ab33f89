// psem: search "=>* violation"
// A map and a set of hundreds of elements are changed at any place, and keep their order.
machine Main {
  var counts: map[int, int];
  var pairs: map[(int, string), int];
  var members: set[int];
  start state Init {
    entry {
      var i: int;
      var sum: int;
      while (i < 400) {
        counts[i * 7 % 401] = i;
        pairs[(i, "a")] = i;
        members += (i * 3);
        i = i + 1;
      }
      i = 0;
      while (i < 400) {
        if (i % 5 == 0) { counts -= (i); members -= (i); }
        if (i in counts) { counts[i] = counts[i] + 1; }
        i = i + 2;
      }
      counts += (1000, 1);
      assert sizeof(counts) == 361 && sizeof(members) == 386;
      assert keys(counts)[0] == 7 && keys(counts)[360] == 1000 && values(counts)[1] == 3;
      foreach (i in keys(counts)) { sum = sum + counts[i]; }
      assert sum == 72086;
      assert 3 in members && !(30 in members) && !(4 in members) && 1197 in members;
      assert (399, "a") in pairs && !((399, "b") in pairs) && pairs[(17, "a")] == 17;
      goto Same;
    }
  }
  state Same {
    entry { if ($) { counts[9] = 0; } else { counts[9] = counts[9] - counts[9]; } }
  }
}
