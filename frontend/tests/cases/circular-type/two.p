type Odd = seq[Even];
type Even = (Odd, int);

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
