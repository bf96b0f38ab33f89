// psem: search "=>* violation(assertion)"
// D4, D36: a monitor sees an event when it is sent, and the inbox gets it only after the
// scheduling point: two senders may be seen in one order and received in the other.
event eSent: int;
event eGot: int;
spec Same observes eSent, eGot {
  var q: seq[int];
  start state Watching {
    on eSent do (x: int) { q += (sizeof(q), x); }
    on eGot do (x: int) { assert q[0] == x; q -= (0); }
  }
}
machine Sender {
  start state Init { entry (to_: (machine, int)) { send to_.0, eSent, to_.1; } }
}
machine Main {
  start state Init {
    entry { new Sender(this, 1); new Sender((this, 2)); }
    on eSent do (x: int) { announce eGot, x; }
  }
}
test t [main = Main]: assert Same in { Main, Sender };
