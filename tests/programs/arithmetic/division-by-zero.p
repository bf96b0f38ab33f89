// psem: search "=>* violation(division-by-zero)"
machine Main {
  start state Init {
    entry { var zero: int; print format("{0}", 1 / zero); }
  }
}
