event eVote: (n: int);
pure calm(m: Main): bool = m.n == 0;
machine Main {
  var n: int;
  start state S {
    entry {
      assume forall (m: Main) :: m.n == n && m is Main;
      assert calm(this);
    }
  }
}
