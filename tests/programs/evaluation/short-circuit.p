// psem: search "=>* violation"
machine Main {
  var m: map[int, int];
  var n: int;
  fun Touch(): bool { n = n + 1; return true; }
  start state Init {
    entry {
      assert !(1 in m && m[1] == 2);
      assert n == 0 || Touch();
      if (false && Touch()) { n = 100; }
      if (true || Touch()) { n = n + 0; }
      assert n == 0;
      assert 7 / -2 == -3 && -7 % 3 == -1 && 2 + 3 * 4 == 14;
      assert m[1] == 0;
    }
  }
}
