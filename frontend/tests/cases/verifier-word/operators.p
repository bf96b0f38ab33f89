// Where an operator is expected they are operators.
event eVote: int;
machine Main { start state S { } }
invariant i: forall (e: eVote) :: inflight e ==> sent e;
