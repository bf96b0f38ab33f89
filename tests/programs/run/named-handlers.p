// psem: search "=>* violation"
// Handlers, exits, entries and `with` may be functions; results are dropped.
event eGo: int;
machine Main {
  var log: string;
  start state Init {
    entry Begin;
    exit Leave;
    on eGo goto Next with Between;
  }
  state Next { entry End; on eGo do Nothing; }
  fun Begin(): int { send this, eGo, 1; send this, eGo, 2; return 7; }
  fun Leave() { log = log + "x"; }
  fun Between(n: int) { log = format("{0}{1}", log, n); }
  fun End(n: int) { assert log == "x1" && n == 1; }
  fun Nothing() { return; }
}
