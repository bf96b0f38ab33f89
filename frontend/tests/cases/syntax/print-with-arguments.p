machine Main {
  start state Init {
    entry {
      print "{0}", 1;
    }
  }
}
