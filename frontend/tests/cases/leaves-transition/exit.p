machine Main {
  fun leave() { goto Init; }
  start state Init {
    exit { leave(); }
    entry {
      ;
    }
  }
}
