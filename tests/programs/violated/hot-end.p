// psem: search "=>* violation"
// psem: search "=>! violation(liveness)" --solutions 9
// psem: search "=>* hot and terminated"
event eRequest: machine;
event eReply;

spec Answered observes eRequest, eReply {
  start cold state Quiet {
    on eRequest goto Owed;
  }
  hot state Owed {
    on eReply goto Quiet;
  }
}

machine Main {
  start state Init {
    entry {
      var server: machine;
      server = new Server();
      send server, eRequest, this;
    }
    on eReply do { }
  }
}

machine Server {
  start state Up {
    on eRequest do (who: machine) {
      if (choose(3) != 1) { send who, eReply; }
    }
  }
}

test T [main = Main]: assert Answered in { Main, Server };
