fun Work() { }
machine Main {
  start state Init {
    entry {
      work();
    }
  }
}
