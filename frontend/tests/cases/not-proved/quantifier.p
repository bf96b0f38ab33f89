machine Main {
  start state Init {
    entry {
      assert forall (x: int) :: x == x;
    }
  }
}
