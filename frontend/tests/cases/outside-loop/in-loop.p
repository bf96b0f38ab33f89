machine Main {
  start state Init {
    entry {
      while (true) { if ($) { break; } continue; }
    }
  }
}
