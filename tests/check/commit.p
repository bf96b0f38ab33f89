// psem: check
// psem: check -s 50 --strategy pct:3
// Two-phase commit, in which a majority is enough with `buggy`. Parameters say how many take part,
// how many transactions there are, and whether the bug is in.
type Vote = (from: Participant, transaction: int, agrees: bool);
type Decision = (transaction: int, commits: bool);

event eBegin: int;
event ePrepare: (coordinator: Coordinator, transaction: int);
event eVote: Vote;
event eDecide: Decision;
event eDone: Decision;

param nParticipants: int;
param nTransactions: int;
param buggy: bool;

machine Coordinator {
  var participants: seq[Participant];
  var votes: map[Participant, bool];
  var transaction: int;
  start state Boot {
    entry (number: int) {
      var i: int;
      while (i < number) {
        participants += (i, new Participant());
        i = i + 1;
      }
      goto Ready;
    }
    defer eBegin;
  }
  state Ready {
    on eBegin goto Collecting with (it: int) {
      transaction = it;
      votes = default(map[Participant, bool]);
    }
    ignore eVote;
  }
  state Collecting {
    entry {
      var participant: Participant;
      foreach (participant in participants) {
        send participant, ePrepare, (coordinator = this, transaction = transaction);
      }
    }
    on eVote do (vote: Vote) {
      if (vote.transaction != transaction) { return; }
      votes[vote.from] = vote.agrees;
      if (!vote.agrees || IsEnough()) {
        Decide(vote.agrees);
        goto Ready;
      }
    }
    defer eBegin;
  }
  fun IsEnough(): bool {
    if (buggy) { return sizeof(votes) * 2 > sizeof(participants); }
    return sizeof(votes) == sizeof(participants);
  }
  fun Decide(commits: bool) {
    var participant: Participant;
    foreach (participant in participants) {
      send participant, eDecide, (transaction = transaction, commits = commits);
    }
    announce eDone, (transaction = transaction, commits = commits);
  }
}

machine Participant {
  var agreed: map[int, bool];
  start state Serving {
    on ePrepare do (it: (coordinator: Coordinator, transaction: int)) {
      agreed[it.transaction] = $;
      send it.coordinator, eVote,
        (from = this, transaction = it.transaction, agrees = agreed[it.transaction]);
    }
    on eDecide do (it: Decision) {
      if (it.commits) {
        assert it.transaction in agreed && agreed[it.transaction],
          format("{0} did not agree to {1}", this, it.transaction);
      }
    }
  }
}

machine Driver {
  start state Init {
    entry {
      var coordinator: Coordinator;
      var i: int;
      coordinator = new Coordinator(nParticipants);
      while (i < nTransactions) {
        i = i + 1;
        send coordinator, eBegin, i;
      }
    }
  }
}

spec Progress observes eBegin, eDone {
  var open: set[int];
  start cold state Quiet {
    on eBegin do (transaction: int) {
      open += (transaction);
      goto Busy;
    }
  }
  hot state Busy {
    on eBegin do (transaction: int) { open += (transaction); }
    on eDone do (it: Decision) {
      open -= (it.transaction);
      if (sizeof(open) == 0) { goto Quiet; }
    }
  }
}

module System = { Coordinator, Participant, Driver };

test param (nParticipants in [1, 2], nTransactions in [1, 2], buggy in [false, true]) (2 wise)
  Pairs [main = Driver]: assert Progress in System;
test param (nParticipants in [2, 3], nTransactions in [1], buggy in [false, true])
  assume (nParticipants > 2)
  Three [main = Driver]: assert Progress in System;
