// Messages in flight: in the inbox, about to be handled, or about to be received.
// psem: search "=>* not invariant(kinds)"
// psem: search "=>* not invariant(alone)"
// psem: search "=>* not invariant(small)"
// psem: search "=>* not invariant(nowhere)"
// psem: search "=>* not invariant(quiet)"
event eFirst: (n: int);
event eOther: (n: int);
machine Main {
  var none: machine;
  start state Begin {
    entry {
      send this, eFirst, (n = 1,);
      send this, eFirst, (n = 1,);
      send this, eOther, (n = 2,);
      receive { case eOther: (p: (n: int)) { } }
      if ($) { send this, eOther, (n = 3,); }
    }
    on eFirst do { }
    on eOther do { }
  }
}
invariant kinds: forall (e: event) :: e is eFirst || e is eOther;
invariant alone: forall (a: eFirst, b: eFirst) :: a == b;
invariant small: forall (e: eOther) :: inflight e ==> e.n < 3;
invariant nowhere: forall (e: event, m: Main) :: e targets m && !(e targets m.none);
invariant quiet: !exists (e: eFirst) :: inflight e;
