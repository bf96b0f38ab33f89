// psem: search "=>* violation(null-value)" --solutions 10
// D66: null is no bool, int, float, string or enum; as a collection it passes, and fails
// where it is used.
enum Color { Red, Green }
machine Main {
  start state Init {
    entry {
      var v: any;
      var n: int;
      var r: (x: int);
      n = choose(8);
      if (n == 0) { n = v as int; }
      if (n == 1 && v as bool) { n = 0; }
      if (n == 2) { print format("{0}", v as float); }
      if (n == 3) { print v as string; }
      if (n == 4) { print format("{0}", v as Color); }
      if (n == 5) { print format("{0}", sizeof(v as seq[int])); }
      if (n == 7) { r = v as (x: int); r.x = 1; }
      if (n == 6) { foreach (n in v as seq[int]) { } }
    }
  }
}
