// Programs that are older than the verifier use its words as names.
event sent: int;
machine Main {
  var exists, inflight: seq[int];
  var targets: map[int, bool];
  start state S {
    entry {
      var forall, is: bool;
      exists += (sizeof(inflight), 1);
      forall = is && exists[0] == 1 || !targets[1];
      targets[2] = forall == is;
      if (forall) { pure(exists[0]); }
      send this, sent, 1;
    }
    on sent goto except;
  }
  state except { }
  fun pure(using: int) { using = -using; }
}
