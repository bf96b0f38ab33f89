// psem: search "=>* violation(not-permitted)"
// D14: so is what the reference permits.
event eAsk;
event eAdmin;
interface Front() receives eAsk;
machine Server { start state Init { ignore eAsk, eAdmin; } }
machine Main {
  start state Init {
    entry {
      var server: Server;
      server = new Server();
      send server, eAdmin;
      send server to Front, eAsk;
      send server to Front, eAdmin;
    }
  }
}
test t [main = Main]: { Main, Server };
