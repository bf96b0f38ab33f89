fun f(n: int) return (r: int); requires n > 0; ensures r > n;

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
