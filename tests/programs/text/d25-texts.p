// psem: search "=>* violation"
// D25: what `format` writes is what the reference checker writes; sets and maps in the
// order of their texts, enum elements as numbers.
enum Color { Red = 3, Green = 7 }
event eGo: int;
machine Main {
  start state Init {
    entry {
      var s: set[string];
      var m: map[string, int];
      var q: seq[int];
      var e: event;
      var nothing: machine;
      s += ("b"); s += ("a"); s += ("ab");
      m["b"] = 2; m["a-"] = 1; m["a"] = 0;
      q += (0, 1); q += (1, -2);
      e = eGo;
      assert format("{0} {1}", s, m) == "(<a>, <ab>, <b>) (<a->0>, <a-->1>, <b->2>)";
      assert format("{0} {1} {2}", q, true, false) == "(1, -2) True False";
      assert format("{0} {1}", (1, "x"), (a = 1, b = "x")) == "<1,x,> <a:1, b:x, >";
      assert format("{0} {1} {2} {3}", Green, e, halt, this) == "7 eGo PHalt Main(1)";
      assert format("[{0}] {{}}", nothing) == "[] {{}}";
      assert format("{1}{0}{1}", default(set[int]), default(map[int, int])) == "()()()";
    }
  }
}
