// Machines cannot look into others: only invariants can.
machine Other { var n: int; start state S { } }
machine Main {
  var other: Other;
  start state S {
    entry {
      other = new Other();
      assert other.n == 0;
      other.n = 1;
    }
  }
}
invariant zero: forall (o: Other) :: o.n == 0;
