event eVote: (n: int);
machine Main { var n: int; start state S { } }
invariant a: forall (m: Main) :: m is Mian;
invariant b: forall (e: eVote) :: e is eVoet;
invariant c: forall (m: Mian) :: m.n == 0;
invariant d: forall (m: Main) :: k.n == 0;
invariant e: forall (m: Main) :: m.k == 0;
invariant e: forall (e: eVote) :: e.m == 0;
Proof { prove a, f; }
