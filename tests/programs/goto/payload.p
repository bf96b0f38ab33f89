// psem: search "=>* violation"
// The payload of goto reaches a named entry too; what follows goto never runs.
machine Main {
  var x: int;
  start state A {
    entry { Jump(); x = 99; }
    exit { x = x + 1; }
  }
  fun Jump() { goto B, 5; x = 98; }
  state B {
    entry Init;
  }
  fun Init(n: int) {
    assert n == 5 && x == 1;
    assert n != 5, "here at last";
  }
}
