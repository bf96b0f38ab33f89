event eA;
machine Main {
  start state Init { on eA goto Init with { raise halt; } }
}
