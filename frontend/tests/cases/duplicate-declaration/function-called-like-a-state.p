machine Main {
  start state Init {
    entry { Init(); }
  }
  fun Init() { }
}
