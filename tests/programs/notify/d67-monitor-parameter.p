// psem: search "=>* violation"
// D67: a monitor that changes its parameter changes nothing else.
event eSeq: seq[int];
spec Greedy observes eSeq {
  start state Watching { on eSeq do (s: seq[int]) { s += (0, 1); } }
}
machine Main {
  start state Init {
    entry { send this, eSeq, default(seq[int]); }
    on eSeq do (s: seq[int]) { assert sizeof(s) == 0; }
  }
}
test t [main = Main]: assert Greedy in { Main };
