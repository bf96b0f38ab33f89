// psem: search "=>* violation"
// A composite key is found by equality, also if its collections came in another order.
machine Main {
  start state Init {
    entry {
      var one: set[int];
      var two: set[int];
      var m: map[set[int], int];
      var all_: set[set[int]];
      one += (1); one += (2);
      two += (2); two += (1);
      m[one] = 1;
      m[two] = m[two] + 1;
      assert sizeof(m) == 1 && m[one] == 2 && two in m;
      all_ += (one); all_ += (two);
      assert sizeof(all_) == 1 && two in all_;
      two += (3);
      assert !(two in m) && !(two in all_);
      m[two] = 5;
      m -= (one);
      one -= (1);
      m -= (one);
      one += (1);
      m[one] = 7;
      assert sizeof(m) == 2 && !(one in all_) == false;
      one = default(set[int]);
      one += (1); one += (2);
      m -= (one);
      all_ -= (two);
      assert sizeof(m) == 1 && sizeof(all_) == 1;
      all_ -= (one);
      assert sizeof(all_) == 0;
    }
  }
}
