// psem: search "=>* violation(duplicate-key)"
// D22: adding a key twice is an error.
machine Main {
  start state Init {
    entry {
      var m: map[int, int];
      m += (1, 2);
      m += (1, 3);
    }
  }
}
