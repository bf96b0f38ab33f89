// What an invariant asks of machines: of those that run, that have halted, and of null.
// psem: search "=>* not invariant(before)"
// psem: search "=>* not invariant(halted)"
// psem: search "=>* not invariant(fields)"
// psem: search "=>* not invariant(nobody)"
// psem: search "=>* invariant(lost)"
// psem: search "=>* not invariant(placed)"
// psem: search "=>* invariant(missing)"
event eStop: machine;
event eNote: (whom: machine, what: (int, bool));
interface Port() receives eStop, eNote;
machine Main {
  var worker: Worker;
  var port: Port;
  var none: machine;
  var peers: seq[Worker];
  start state Begin {
    entry {
      worker = new Worker();
      port = worker to Port;
      send this, eNote, (whom = worker, what = (1, $));
      receive { case eNote: (note: (whom: machine, what: (int, bool))) { send note.whom, eNote, note; } }
      goto Done;
    }
  }
  state Done {
    entry {
      send port, eStop, worker;
      send worker, halt;
    }
  }
}
machine Worker {
  var n: int;
  start state Idle {
    on eNote do (note: (whom: machine, what: (int, bool))) { n = note.what.0; }
    on eStop do { }
  }
}
invariant before: forall (m: Main) :: m is Begin || m is Done;
invariant halted: forall (m: machine) :: m is Worker || m is Main;
invariant fields: forall (m: Main) :: m.worker.n == 0;
invariant nobody: forall (m: Main) :: !(m.none is Main) && !(m.none is Begin) && !(m.port is Main);
invariant lost: exists (m: Main) :: m.none == default(machine) && m.worker.n == 1;
invariant placed: forall (m: machine) :: m is Idle || m is Begin || m is Done;
invariant missing: forall (m: Main) :: m.peers[0].n == 0 || m.peers[0] is Worker;
