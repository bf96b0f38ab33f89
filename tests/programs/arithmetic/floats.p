// psem: search "=>* violation"
machine Main {
  start state Init {
    entry {
      var x: float;
      var n: int;
      x = 10.0;
      while (n < 9) { x = x * x; n = n + 1; }
      assert x == 1.0 / 0.0 && -x == -1.0 / 0.0 && -x * 2.0 == -x;
      x = 7.5;
      assert x + 0.5 == 8.0 && x - 0.5 == 7.0 && x * 2.0 == 15.0 && x / 2.0 == 3.75;
      assert x % 2.0 == 1.5 && -x % 2.0 == -1.5;
      assert -x < x && x <= 7.5 && x > -x && x >= 7.5;
      assert "a" + "b" == "ab";
      assert 1.0 / 0.0 > x && -1.0 / 0.0 < x;
      assert 1.0 / 0.0 + 1.0 == 1.0 / 0.0 && -1.0 / 0.0 - 1.0 == -1.0 / 0.0;
    }
  }
}
