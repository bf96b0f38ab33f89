// psem: search "=>* violation"
// psem: search "=>* at(Watch, Done)"
// An event of a variable, and halt, can be announced; the argument is the payload.
event eNumber: int;
spec Watch observes eNumber, halt {
  start state Init { on eNumber do (n: int) { assert n == 7; } on halt goto Done; }
  state Done { }
}
machine Main {
  start state Init {
    entry { var e: event; e = eNumber; announce e, 7; announce halt; }
  }
}
test t [main = Main]: assert Watch in { Main };
