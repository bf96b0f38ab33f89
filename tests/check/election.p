// psem: check -t Safe
// psem: check -s 20 --strategy pos
// Three servers elect a leader, which appends an entry to all logs. A server may vote for itself and
// for another one in the same term.
type Log = seq[(term: int, value: int)];
type Request = (term: int, candidate: Server, length: int);
type Response = (term: int, granted: bool, from: Server);
type Append = (term: int, leader: Server, log: Log);
type Appended = (term: int, fits: bool, length: int);

event eInit: set[Server];
event eTimeout;
event eRequest: Request;
event eResponse: Response;
event eAppend: Append;
event eAppended: Appended;
event eLeader: (term: int, who: Server);
event eCommit: (index: int, value: int);

machine Server {
  var term: int;
  var peers: set[Server];
  var votes: set[Server];
  var log: Log;
  var committed: int;
  var hasTried: bool;
  start state Boot {
    on eInit do (servers: set[Server]) {
      peers = servers;
      peers -= this;
      goto Follower;
    }
    defer eRequest, eAppend;
  }
  state Follower {
    entry { if (!hasTried) { send this, eTimeout; } }
    on eTimeout goto Candidate;
    on eRequest do Vote;
    on eAppend do Follow;
    ignore eResponse, eAppended;
  }
  state Candidate {
    entry {
      var peer: Server;
      hasTried = true;
      term = term + 1;
      votes = default(set[Server]);
      votes += (this);
      foreach (peer in peers) {
        send peer, eRequest, (term = term, candidate = this, length = sizeof(log));
      }
    }
    on eResponse do (response: Response) {
      if (response.term > term) { term = response.term; goto Follower; }
      if (response.granted && response.term == term) {
        votes += (response.from);
        if (sizeof(votes) * 2 > sizeof(peers) + 1) { goto Leader; }
      }
    }
    on eRequest do Vote;
    on eAppend do Follow;
    ignore eAppended, eTimeout;
  }
  state Leader {
    entry {
      var peer: Server;
      announce eLeader, (term = term, who = this);
      log += (sizeof(log), (term = term, value = choose(2)));
      foreach (peer in peers) { send peer, eAppend, (term = term, leader = this, log = log); }
    }
    on eAppended do (response: Appended) {
      if (response.term > term) { term = response.term; goto Follower; }
      if (response.fits && response.length > committed) {
        committed = response.length;
        announce eCommit, (index = committed, value = log[committed - 1].value);
      }
    }
    on eRequest do Vote;
    on eAppend do Follow;
    ignore eResponse, eTimeout;
  }
  fun Vote(request: Request) {
    var granted: bool;
    granted = request.term >= term && request.length >= sizeof(log);
    if (request.term > term) {
      term = request.term;
      send request.candidate, eResponse, (term = term, granted = granted, from = this);
      goto Follower;
    }
    send request.candidate, eResponse, (term = term, granted = granted, from = this);
  }
  fun Follow(append: Append) {
    if (append.term < term) {
      send append.leader, eAppended, (term = term, fits = false, length = 0);
      return;
    }
    term = append.term;
    log = append.log;
    send append.leader, eAppended, (term = term, fits = true, length = sizeof(log));
    goto Follower;
  }
}

machine Main {
  start state Init {
    entry {
      var servers: set[Server];
      var server: Server;
      while (sizeof(servers) < 3) { servers += (new Server()); }
      foreach (server in servers) { send server, eInit, servers; }
    }
  }
}

spec OneLeader observes eLeader {
  var leaders: map[int, Server];
  start state Watching {
    on eLeader do (it: (term: int, who: Server)) {
      assert !(it.term in leaders) || leaders[it.term] == it.who,
        format("{0} and {1} lead in term {2}", leaders[it.term], it.who, it.term);
      leaders[it.term] = it.who;
    }
  }
}

spec Commits observes eCommit {
  start hot state Waiting { on eCommit goto Done; }
  cold state Done { ignore eCommit; }
}

test Safe [main = Main]: assert OneLeader in { Main, Server };
test Lively [main = Main]: assert Commits in { Main, Server };
