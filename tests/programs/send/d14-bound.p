// psem: search "=>* violation(not-permitted)"
// D14: a machine that is created through an interface is known by that interface.
event eAsk;
event eAdmin;
interface Front() receives eAsk;
machine Server receives eAsk, eAdmin; { start state Init { ignore eAsk, eAdmin; } }
machine Main {
  start state Init {
    entry { var m: machine; m = new Front(); send m, eAsk; send m, eAdmin; }
  }
}
test t [main = Main]: { Main, Server -> Front };
