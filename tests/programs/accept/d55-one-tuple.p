// psem: search "=>* violation(bad-cast)"
// D55: a payload that is a tuple of one is not what it holds.
event eOne: (int);
machine Main {
  start state Init {
    entry { send this, eOne, (1,); }
    on eOne do (x: int) { }
  }
}
