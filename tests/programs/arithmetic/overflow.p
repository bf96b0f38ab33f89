// psem: search "=>* violation(overflow)"
// The only quotient that has no 64-bit integer.
machine Main {
  start state Init {
    entry {
      var least: int;
      var n: int;
      least = 1;
      while (n < 63) { least = least * 2; n = n + 1; }
      least = least / -1;
    }
  }
}
