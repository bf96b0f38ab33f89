machine Main { start state S { } }
invariant a: forall (m: machine) :: m is Main;
invariant b: forall (m: machine) :: m is S;
Proof {
  prove a using b;
  prove b;
}
