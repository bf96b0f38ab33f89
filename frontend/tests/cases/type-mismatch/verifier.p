event eVote: (n: int);
event eStop;
machine Main { var n: int; start state S { } }
invariant a: forall (m: Main) :: m.n;
invariant b: forall (m: Main) :: inflight m;
invariant c: forall (e: eVote) :: e targets e;
invariant d: forall (e: eStop) :: e.n == 0;
invariant e: forall (n: int) :: n is Main;
invariant f: (exists (n: int) :: n) && 1;
axiom 1;
fun Next(n: int) return (next: int); requires n; ensures next > true;
Proof { prove 1; }
