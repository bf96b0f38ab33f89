// psem: search "=>* violation"
// D26: arguments, choices, elements and payloads are copies.
event eSeq: seq[int];
fun bump(s: seq[int]) { s += (0, 9); }
machine Main {
  var t: (s: seq[int], n: int);
  start state Init {
    entry {
      var m: map[int, seq[int]];
      var ss: set[seq[int]];
      var x: seq[int];
      m[1] = default(seq[int]);
      bump(m[1]);
      assert sizeof(m[1]) == 0;
      ss += (x);
      x = choose(ss);
      x += (0, 1);
      assert default(seq[int]) in ss && !(x in ss);
      send this, eSeq, t.s;
      t.s += (0, 1);
    }
    on eSeq do (got: seq[int]) { assert sizeof(got) == 0 && sizeof(t.s) == 1; }
  }
}
