// psem: search "=>* violation(bad-cast)"
machine Main {
  start state Init {
    entry { var v: any; v = "one"; print format("{0}", v as int); }
  }
}
