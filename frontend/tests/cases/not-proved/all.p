event eVote: (n: int);
pure quorum(): int;
pure ballot(m: Main): int = m.n;
fun Next(n: int) return (next: int); requires n > 0; ensures next > n;
machine Main {
  var n: int;
  start state S {
    entry {
      var all: seq[int];
      var i: int;
      foreach (i in all) invariant forall new (e: eVote) :: e.n == n; { n = n + i; }
    }
  }
}
axiom forall (m: Main, k: Main) :: ballot(m) == ballot(k) ==> m == k;
init-condition forall (m: Main) :: m.n == 0;
invariant known: forall (e: eVote) :: inflight e && (exists (m: Main) :: e targets m && m.n == e.n);
Theorem Safety { invariant votes: forall (e: eVote) :: sent e ==> e.n < quorum(); }
Proof Whole {
  prove Safety using known;
  prove default;
}
