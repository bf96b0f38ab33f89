// psem: search "=>* violation"
// D29: a variable of an enum type begins with the smallest number.
enum Color { Red = 5, Blue = 2 }
type Box = (color: Color, size: float, name: string, on_: bool, what: any);
machine Main {
  start state Init {
    entry {
      var c: Color;
      var box: Box;
      assert c == Blue;
      assert box == default(Box) && box.color == Blue && box.what == null;
      assert box.size == 0.0 && box.name == "" && !box.on_;
      assert default((int, machine)) == (0, null as machine);
    }
  }
}
