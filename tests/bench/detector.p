// psem: search "=>* violation"
// A failure detector: nodes that may stop at any time are pinged a number of rounds.
event ePing: (detector: Detector, round: int);
event ePong: (node: Node, round: int);
event eTick;
event eStop;
event eSuspect: set[Node];

spec OnlyStopped observes eSuspect {
  start state Watching {
    on eSuspect do (suspects: set[Node]) { assert sizeof(suspects) <= 2; }
  }
}

machine Main {
  start state Init {
    entry {
      var nodes: set[Node];
      var node: Node;
      var i: int;
      while (i < 2) {
        node = new Node();
        nodes += (node);
        new Injector(node);
        i = i + 1;
      }
      new Detector((nodes = nodes, rounds = 2));
    }
  }
}

machine Injector {
  start state Init {
    entry (node: Node) { send node, eStop; }
  }
}

machine Node {
  start state Alive {
    on ePing do (ping: (detector: Detector, round: int)) {
      send ping.detector, ePong, (node = this, round = ping.round);
    }
    on eStop goto Stopped;
  }
  state Stopped { ignore ePing; }
}

machine Detector {
  var nodes: set[Node];
  var answered: set[Node];
  var round: int;
  var rounds: int;
  start state Init {
    entry (config: (nodes: set[Node], rounds: int)) {
      nodes = config.nodes;
      rounds = config.rounds;
      goto Pinging;
    }
  }
  state Pinging {
    entry {
      var node: Node;
      answered = default(set[Node]);
      round = round + 1;
      foreach (node in nodes) {
        send node, ePing, (detector = this, round = round);
      }
      new Timer(this);
    }
    on ePong do (pong: (node: Node, round: int)) {
      if (pong.round == round) {
        answered += (pong.node);
      }
    }
    on eTick do {
      var node: Node;
      var suspects: set[Node];
      foreach (node in nodes) {
        if (!(node in answered)) {
          suspects += (node);
        }
      }
      if (sizeof(suspects) > 0) {
        announce eSuspect, suspects;
      }
      if (round < rounds) {
        goto Pinging;
      }
      goto Finished;
    }
  }
  state Finished { ignore ePong, eTick; }
}

machine Timer {
  start state Init {
    entry (detector: Detector) { send detector, eTick; }
  }
}
