// psem: search "=>* violation"
// A machine that gets to what only an invariant can ask fails, and says so.
pure calm(m: machine): bool = m is Main;
machine Main {
  var n: int;
  start state Begin {
    entry {
      if ($) { assume forall (m: Main) :: m.n == n; }
      else { assert calm(this); }
    }
  }
}
invariant all: forall (m: machine) :: calm(m);
