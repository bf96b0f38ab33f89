event RED;
enum Color { RED }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
