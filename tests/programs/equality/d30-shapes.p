// psem: search "=>* violation"
// D30: values of different shapes are different, and comparing them is no error.
type Point = (x: int, y: int);
type Pair = (a: int, b: int);
enum Color { Red, Green }
event eGo;
machine Other { start state Init { } }
machine Main {
  start state Init {
    entry {
      var left: any;
      var right: any;
      left = (x = 1, y = 2);
      right = (a = 1, b = 2);
      assert left != right;
      right = (1, 2);
      assert left != right;
      left = 1;
      right = 1.0;
      assert left != right;
      right = Green;
      assert left == right;
      right = null;
      assert left != right && right == null;
      left = eGo;
      right = eGo;
      assert left == right && left != halt;
      left = this;
      right = this;
      assert left == right;
      right = default(machine);
      assert left != right;
      right = new Other();
      assert left != right && right != new Other();
      left = default(seq[int]);
      right = default(set[int]);
      assert left != right;
    }
  }
}
