// psem: search "=>* violation"
// Two-phase commit: a coordinator, participants that vote as they choose, and clients.
event eBegin: (client: Client, number: int);
event eDone: (number: int, committed: bool);
event ePrepare: (coordinator: Coordinator, number: int);
event eVote: (voter: Participant, number: int, yes: bool);
event eCommit: int;
event eAbort: int;

spec Agreement observes eVote, eDone {
  var refused: set[int];
  start state Watching {
    on eVote do (vote: (voter: Participant, number: int, yes: bool)) {
      if (!vote.yes) {
        refused += (vote.number);
      }
    }
    on eDone do (outcome: (number: int, committed: bool)) {
      assert !(outcome.committed && outcome.number in refused);
    }
  }
}

machine Main {
  start state Init {
    entry {
      var participants: seq[Participant];
      var coordinator: Coordinator;
      var i: int;
      while (i < 2) {
        participants += (i, new Participant());
        i = i + 1;
      }
      coordinator = new Coordinator(participants);
      new Client((coordinator = coordinator, number = 1));
      new Client((coordinator = coordinator, number = 2));
    }
  }
}

machine Client {
  start state Init {
    entry (config: (coordinator: Coordinator, number: int)) {
      send config.coordinator, eBegin, (client = this, number = config.number);
    }
    on eDone do { }
  }
}

machine Coordinator {
  var participants: seq[Participant];
  var client: Client;
  var number: int;
  var missing: int;
  start state Init {
    entry (all: seq[Participant]) {
      participants = all;
      goto Waiting;
    }
    defer eBegin;
  }
  state Waiting {
    on eBegin do (request: (client: Client, number: int)) {
      client = request.client;
      number = request.number;
      goto Counting;
    }
    ignore eVote;
  }
  state Counting {
    defer eBegin;
    entry {
      var p: Participant;
      missing = sizeof(participants);
      foreach (p in participants) {
        send p, ePrepare, (coordinator = this, number = number);
      }
    }
    on eVote do (vote: (voter: Participant, number: int, yes: bool)) {
      if (vote.number != number) {
        return;
      }
      if (!vote.yes) {
        Finish(false);
        goto Waiting;
      }
      missing = missing - 1;
      if (missing == 0) {
        Finish(true);
        goto Waiting;
      }
    }
  }
  fun Finish(committed: bool) {
    var p: Participant;
    foreach (p in participants) {
      if (committed) {
        send p, eCommit, number;
      } else {
        send p, eAbort, number;
      }
    }
    send client, eDone, (number = number, committed = committed);
  }
}

machine Participant {
  var open: map[int, bool];
  start state Ready {
    on ePrepare do (request: (coordinator: Coordinator, number: int)) {
      open[request.number] = $;
      send request.coordinator, eVote,
        (voter = this, number = request.number, yes = open[request.number]);
    }
    on eCommit do (number: int) {
      assert open[number];
      open -= (number);
    }
    on eAbort do (number: int) { open -= (number); }
  }
}
