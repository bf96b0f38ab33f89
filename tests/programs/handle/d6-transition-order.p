// psem: search "=>* violation"
// Exit, then the code of `with`, then the entry of the new state (D6, D37).
event eGo: int;

machine Main {
  var steps: seq[int];
  start state A {
    entry { raise eGo, 5; }
    exit { steps += (sizeof(steps), 1); }
    on eGo goto B with (n: int) { steps += (sizeof(steps), n); }
  }
  state B {
    entry (n: int) {
      steps += (sizeof(steps), n + 1);
      assert steps[0] == 1 && steps[1] == 5 && steps[2] == 6, format("{0}", steps);
      assert sizeof(steps) == 4, format("only {0}", steps);
    }
  }
}
