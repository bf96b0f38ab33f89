// psem: check --ltl "at(Client, Waiting) |-> at(Client, Served)"
// psem: check -t Answering --ltl "[] <> at(Client, Waiting)" --ltl "[] <> at(Client, Served)"
// psem: check -t Answering --ltl "<> [] at(Client, Served)"
// psem: check -t Answering --ltl "at(Client, Waiting) W at(Client, Served)"
// A server that answers each request, one that may forget to, and one that fairly may.
event eAsk: machine;
event eAnswer;
event eAgain;

machine Client {
  var server: machine;
  start state Init {
    entry (it: machine) { server = it; goto Waiting; }
  }
  state Waiting {
    entry { send server, eAsk, this; }
    on eAnswer goto Served;
  }
  state Served {
    entry { send this, eAgain; }
    on eAgain goto Waiting;
  }
}

machine Server {
  start state Serving {
    on eAsk do (client: machine) { send client, eAnswer; }
  }
}

machine Forgetting {
  start state Serving {
    on eAsk do (client: machine) { if ($) { send client, eAnswer; } }
  }
}

machine Trying {
  start state Serving {
    on eAsk do (client: machine) {
      if ($$) { send client, eAnswer; } else { send this, eAsk, client; }
    }
  }
}

machine WithServer { start state Init { entry { new Client(new Server()); } } }
machine WithForgetting { start state Init { entry { new Client(new Forgetting()); } } }
machine WithTrying { start state Init { entry { new Client(new Trying()); } } }

test Answering [main = WithServer]: { WithServer, Server, Client };
test Forgets [main = WithForgetting]: { WithForgetting, Forgetting, Client };
test Tries [main = WithTrying]: { WithTrying, Trying, Client };
