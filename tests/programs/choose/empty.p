// psem: search "=>* violation(bad-choice)"
machine Main {
  var none: set[int];
  start state Init {
    entry { assert choose(none) > 0; }
  }
}
