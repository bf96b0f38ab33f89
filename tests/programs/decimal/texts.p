// psem: search "=>* violation"
// Floats print as the shortest decimal that reads as the same float, as in .NET.
machine Main {
  start state Init {
    entry {
      var one: float;
      var huge: float;
      var n: int;
      one = 1.0;
      huge = 1.0;
      assert format("{0} {1} {2}", one, 0.0, -one) == "1 0 -1";
      assert format("{0} {1} {2}", 0.1, 0.1 + 0.2, 1234.5) == "0.1 0.30000000000000004 1234.5";
      assert format("{0} {1}", 0.0625, 120.0) == "0.0625 120";
      n = 0;
      while (n < 16) { huge = huge * 10.0; n = n + 1; }
      assert format("{0} {1}", huge, 12.5 * huge) == "1E+16 1.25E+17";
      assert format("{0} {1} {2}", 0.0001, 0.00001, 0.00000125) == "0.0001 1E-05 1.25E-06";
      assert format("{0} {1}", one / 0.0, -one / 0.0) == "Infinity -Infinity";
      assert format("{0}", 0.0 / 0.0) == "NaN";
    }
  }
}
