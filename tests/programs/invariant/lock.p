// A lock that travels: invariants of the verifier are propositions of a search.
// psem: search "=>* not invariant(unique)"
// psem: search "=>* invariant(unique)"
// psem: search "=>* not invariant(epochs)"
// psem: search "=>* not invariant(count)"
// psem: search "=>* not invariant(Moving)"
// psem: search "=>* invariant(Moving) and not invariant(count)"
enum tMood { CALM, BUSY }
event eGrant: (node: Node, epoch: int);
event eAccept: (epoch: int, source: Node);
pure holds(n: Node): bool = n.held;
pure later(a: int, b: int): bool = a > b;
machine Node {
  var epoch: int;
  var held: bool;
  start state Act {
    entry (first: bool) { held = first; epoch = 1; }
    on eGrant do (p: (node: Node, epoch: int)) {
      if (held && later(p.epoch, epoch)) {
        held = false;
        send p.node, eAccept, (epoch = p.epoch, source = this);
      }
    }
    on eAccept do (p: (epoch: int, source: Node)) {
      if (later(p.epoch, epoch)) { held = true; epoch = p.epoch; }
    }
  }
}
spec Count observes eAccept {
  var n: int;
  start state S { on eAccept do { n = n + 1; } }
}
machine Main {
  start state Init {
    entry {
      var a, b: Node;
      a = new Node(true);
      b = new Node(false);
      send a, eGrant, (node = b, epoch = 2);
      send b, eGrant, (node = a, epoch = 3);
    }
  }
}
test T [main = Main]: assert Count in { Main, Node };
invariant unique: forall (n1: Node, n2: Node) :: holds(n1) && holds(n2) ==> n1 == n2;
invariant epochs: forall (n: Node) :: n.epoch < 2;
invariant count: Count.n <= 1 && (forall (m: machine) :: m is Main || m is Node) && Count.n >= 0;
Lemma Moving {
  invariant free: forall (e: eAccept, n: Node) :: inflight e && e targets n ==> !holds(n);
  invariant one: forall (e1: eAccept, e2: eAccept) :: inflight e1 && inflight e2 ==> e1 == e2;
  invariant moods: forall (m: tMood) :: exists (b: bool) :: (m == CALM) == b;
  invariant places: forall (m: machine) :: m is Init || m is Act;
  invariant sort: forall (e: event) :: e is eAccept || e is eGrant;
}
// Nobody asks these, so it does not matter that no search could.
invariant remembered: forall (e: eAccept) :: sent e ==> e.epoch > 0;
invariant endless: forall (x: int) :: x == x;
