// psem: search "=>* violation"
// D58: `to` converts between int and float, and enum to int.
enum Color { Red, Green }
machine Main {
  start state Init {
    entry {
      var big: float;
      var n: int;
      assert (3 to float) / 2.0 == 1.5 && (1.9 to int) == 1 && (-1.9 to int) == -1;
      assert (Green to int) == 1 && (2 to int) == 2 && (2.5 to float) == 2.5;
      big = 1.0;
      while (n < 64) { big = big * 2.0; n = n + 1; }
      assert (big to int) < 0 && (-big to int) == (big to int);
    }
  }
}
