event Thing;
fun Thing() { }
machine Thing { start state Thing { } }

machine Main {
  start state Init {
    entry {
      new Thing();
    }
  }
}
