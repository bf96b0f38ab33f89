// psem: search "=>* violation"
// `this` permits what the machine receives, whatever interface it was created through.
event eAsk: machine;
event eAdmin;
interface Front() receives eAsk;
machine Server {
  start state Init {
    entry { send this, eAdmin; }
    on eAsk do (client: machine) { send client, eAsk, this; }
    on eAdmin do { }
  }
}
machine Main {
  start state Init {
    entry { send new Front(), eAsk, this; }
    on eAsk do (server: machine) { send server, eAdmin; }
  }
}
test t [main = Main]: { Main, Server -> Front };
