machine Main {
  start state Init {
    entry {
      print format("}");
    }
  }
}
