// psem: search "=>* violation(key-not-found)" --solutions 10
// The first failure from the left is the one that is reported, inside of connectives too.
machine Main {
  start state Init {
    entry {
      var m: map[int, bool];
      var q: seq[int];
      if ($ && m[0]) { }
      if ($ && !m[0]) { }
      if ($ && (m[0] && true)) { }
      if ($ && (m[0] ==> true)) { }
      if ($) { print format("{0} {1}", m[0], q[0]); }
      if ($) { assert (m[0], q[0]) == (true, 1); }
    }
  }
}
