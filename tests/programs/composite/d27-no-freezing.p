// psem: search "=>* violation"
// D27: a collection that is used as a key can still be changed, and the key stays.
machine Main {
  start state Init {
    entry {
      var k: seq[int];
      var m: map[seq[int], int];
      m += (k, 1);
      k += (0, 5);
      assert default(seq[int]) in m && !(k in m);
    }
  }
}
