type A = seq[B];
type B = set[C];
type C = int;

machine Main {
  start state Init {
    entry {
      var a: A;
      assert sizeof(a) == 0;
    }
  }
}
