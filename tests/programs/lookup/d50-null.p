// psem: search "=>* violation"
// D50: null is a key, an element and a value like any other; the reference checker fails.
machine Main {
  start state Init {
    entry {
      var m: map[any, any];
      var s: set[any];
      m[null] = null;
      m[1] = null;
      s += (null);
      assert null in m && null in s && null in values(m) && sizeof(values(m)) == 2;
      assert keys(m)[0] == null && m[1] == null;
      m -= (null);
      assert sizeof(m) == 1;
    }
  }
}
