machine Main {
  start state Init {
    entry {
      print choose("abc");
    }
  }
}
