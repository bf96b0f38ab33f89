// psem: search "=>* at(Main, Got)"
// In a path payloads print with strings quoted and null as null.
event eData: (texts: set[string], ages: map[string, int], none: any);
machine Main {
  start state Init {
    entry {
      var s: set[string];
      var m: map[string, int];
      s += ("b"); s += ("a");
      m["x"] = 1;
      send this, eData, (texts = s, ages = m, none = null);
    }
    on eData goto Got;
  }
  state Got { }
}
