// psem: search "=>* violation(assertion)"
// psem: search "=>* violation(index-out-of-range)"
// Insertion at every place of a long sequence, and beyond its end.
machine Main {
  start state Init {
    entry {
      var q: seq[int];
      var r: seq[int];
      var i: int;
      var j: int;
      while (i < 18) { q += (i, i); i = i + 1; }
      i = 0;
      while (i < 19) {
        r = q;
        r += (i, -1);
        assert sizeof(r) == 19 && r[i] == -1;
        j = 0;
        while (j < 18) {
          if (j < i) { assert r[j] == j; } else { assert r[j + 1] == j; }
          j = j + 1;
        }
        i = i + 1;
      }
      q += (19, 0);
    }
  }
}
