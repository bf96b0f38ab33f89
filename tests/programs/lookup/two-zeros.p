// psem: search "=>* violation"
// The two zeros are one key and one element, alone and inside of other values; so is NaN.
machine Main {
  start state Init {
    entry {
      var zero: float;
      var none: float;
      var all_: set[float];
      var m: map[(float, float), int];
      zero = -0.0;
      none = 0.0 / 0.0;
      all_ += (0.0);
      all_ += (zero);
      all_ += (none);
      all_ += (none);
      assert sizeof(all_) == 2 && zero in all_ && none in all_;
      m[(0.0, none)] = 1;
      m[(zero, none)] = m[(zero, none)] + 1;
      m[(1.0, none)] = 5;
      assert sizeof(m) == 2 && m[(0.0, none)] == 2;
      m -= ((zero, none));
      all_ -= (zero);
      assert sizeof(m) == 1 && sizeof(all_) == 1;
    }
  }
}
