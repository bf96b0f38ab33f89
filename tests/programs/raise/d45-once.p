// psem: search "=>* violation"
// D45: the event of a raise is evaluated once; the reference checker does it twice.
event eGo;
machine Main {
  var n: int;
  start state Init {
    entry { raise Pick(); }
    on eGo do { assert n == 1; }
  }
  fun Pick(): event { n = n + 1; return eGo; }
}
