fun Work() { }
machine Main {
  start state Init {
    entry {
      Work;
    }
  }
}
