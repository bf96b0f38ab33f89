// psem: search "=>* violation"
// D60: `==>` and `<==>` are evaluated; `&&`, `||` and `==>` leave out what is not needed.
machine Main {
  var n: int;
  start state Init {
    entry {
      var t: bool;
      var f: bool;
      t = true;
      assert (f ==> t) && !(t ==> f) && (t <==> t) && !(t <==> f) && (f || t);
      assert !(f && Count()) && (t || Count()) && (f ==> Count());
      assert n == 0;
      assert (t && Count()) && (f || Count()) && (t ==> Count());
      assert n == 3;
      assert (t <==> Count()) && !(f <==> Count());
      assert n == 5;
    }
  }
  fun Count(): bool { n = n + 1; return true; }
}
