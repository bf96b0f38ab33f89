type Odd = seq[int];
type Even = (Odd, int);

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
