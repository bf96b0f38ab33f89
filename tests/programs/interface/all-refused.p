// psem: search "=>* violation(bad-coercion)"
// What permits only some events is not a reference for all of them.
event eAsk;
interface Front() receives eAsk;
machine Server { start state Init { ignore eAsk; } }
machine Main {
  start state Init {
    entry {
      var front: Front;
      front = new Front();
      print format("{0}", (front as machine) to Server);
    }
  }
}
test t [main = Main]: { Main, Server -> Front };
