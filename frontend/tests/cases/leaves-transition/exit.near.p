machine Main {
  fun leave() { send this, halt; }
  start state Init {
    exit { leave(); }
    entry {
      ;
    }
  }
}
