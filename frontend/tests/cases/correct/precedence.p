machine Main {
  start state Init {
    entry {
      var a: int;
      var b: int; var t: (int, (int, int)); var s: seq[int]; var st: set[int]; var f: float;
      assert a + b as int == 0;
      assert -t.1.0 == 0 && -sizeof(s) == 0;
      assert !(a in st) || a < b == false;
      assert (1, 2).0 == 1;
      assert (a = 1, b = 2).b == 2;
      f = .5 + 1 . 5;
      assert a % 2 * 3 - 4 / 2 == -2;
      if (a == 1) ; else if (b == 2) ; else { a = 1; }
    }
  }
}
