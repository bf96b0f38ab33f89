// A type with too many values is none to go through.
// psem: search "=>* violation" --foreign-values
fun Size(): int;
machine Main {
  start state S {
    entry { assert Size() == 0; }
  }
}
