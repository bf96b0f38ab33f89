// psem: search "=>* violation"
// What is equal to itself alone is not compared with every key: tuples, records and sequences.
machine Main {
  start state Init {
    entry {
      var m: map[any, int];
      var numbers: seq[int];
      numbers += (0, 5);
      m[(1, "a")] = 1;
      m[(number = 1, text = "a")] = 2;
      m[numbers] = 3;
      m[(this, 1)] = 4;
      numbers += (1, 6);
      assert !((1, "b") in m) && !((number = 2, text = "a") in m) && !(numbers in m);
      numbers -= (1);
      assert m[(1, "a")] == 1 && m[(number = 1, text = "a")] == 2;
      assert m[numbers] == 3 && m[(this, 1)] == 4 && !((this, 2) in m);
      m -= ((number = 3, text = "a"));
      assert sizeof(m) == 4;
    }
  }
}
