// psem: search "=>* violation"
// D18: locals begin anew at every call, also in functions that raise.
event eGo;
machine Main {
  start state Init {
    entry { var i: int; while (i < 3) { Once(); i = i + 1; } }
    on eGo do { }
  }
  fun Once() { var n: int; n = n + 1; assert n == 1; if (n > 5) { raise eGo; } }
}
