event eVote: (n: int);
pure quorum(): int;
machine Main { var n: int; start state S { } }
invariant positive: forall (m: Main) :: m.n >= 0;
invariant remembered: forall (e: eVote) :: sent e ==> e.n > 0;
invariant endless: forall (x: int) :: x == x;
invariant undefined: forall (m: Main) :: m.n < quorum();
invariant fresh: forall new (e: eVote) :: e.n > 0;
