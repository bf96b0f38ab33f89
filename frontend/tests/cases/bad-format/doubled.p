machine Main {
  start state Init {
    entry {
      print format("{{{0}}}", 1);
    }
  }
}
