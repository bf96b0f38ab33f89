type Color = int;
enum Color { RED }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
