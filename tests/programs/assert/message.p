// psem: search "=>* violation"
// psem: search "=>* violation(assertion)" --format json
enum Color { Red = 5, Blue = 2 }
type Box = (color: Color, sides: (int, int), owner: machine);

machine Main {
  start state Init {
    entry {
      var box: Box;
      var names: set[string];
      var sizes: map[string, int];
      var nothing: event;
      box.sides.1 = 3;
      box.owner = this;
      names += ("zoe");
      names += ("ann");
      sizes["b"] = 2;
      sizes["a"] = 1;
      assert box.color == Red, format("{0} {1} {2} {3} {{{4}}} {5}", box, names, sizes, nothing, 1 > 0, box.owner);
    }
  }
}
