// psem: search "=>* violation(bad-coercion)"
// A reference cannot be converted to an interface that permits more.
event eAsk;
event eAdmin;
interface Front() receives eAsk;
interface Back() receives eAsk, eAdmin;
machine Server receives eAsk, eAdmin; {
  start state Init { ignore eAsk, eAdmin; }
}
machine Main {
  start state Init {
    entry {
      var front: Front;
      var back: Back;
      back = new Server() to Back;
      front = back to Front;
      send front as machine, eAsk;
      back = (front as machine) to Back;
    }
  }
}
test t [main = Main]: { Main, Server };
