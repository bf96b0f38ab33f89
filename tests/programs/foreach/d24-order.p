// psem: search "=>* violation"
// D24: keys, values and elements come in the order of insertion, also after removals.
machine Main {
  start state Init {
    entry {
      var s: set[int];
      var m: map[int, int];
      var x: int;
      var text_: string;
      s += (3); s += (1); s += (2);
      s -= (3);
      s += (10);
      s += (1);
      foreach (x in s) { text_ = format("{0}{1},", text_, x); }
      assert text_ == "1,2,10,", text_;
      assert s[0] == 1 && s[2] == 10;
      m[3] = 0; m[1] = 1; m[3] = 2;
      assert keys(m)[0] == 3 && values(m)[0] == 2 && values(m)[1] == 1;
    }
  }
}
