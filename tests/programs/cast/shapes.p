// psem: search "=>* violation"
// A cast looks at the outermost shape only.
enum Color { Red, Green }
event eGo;
type Foreign;
machine Main {
  start state Init {
    entry {
      var v: any;
      var d: data;
      var none: Foreign;
      v = true;
      assert v as bool;
      v = 1;
      assert (v as int) == 1 && (v as Color) == Green;
      v = Red;
      assert (v as int) == 0;
      v = 1.5;
      assert (v as float) == 1.5;
      v = "s";
      assert (v as string) == "s";
      d = "t";
      v = d;
      assert (v as data) == "t" && (v as any) == v;
      v = eGo;
      assert (v as event) == eGo;
      v = this;
      assert (v as machine) == this && (v as Main) == this;
      v = default(seq[string]);
      assert sizeof(v as seq[int]) == 0;
      v = default(set[string]);
      assert sizeof(v as set[int]) == 0;
      v = default(map[string, int]);
      assert sizeof(v as map[int, string]) == 0;
      v = (1, "a");
      assert (v as (int, int)).0 == 1;
      v = (x = 1, y = "a");
      assert (v as (x: int, y: int)).x == 1;
      v = null;
      assert (v as machine) == null && (v as event) == null && (v as data) == null;
      none = v as Foreign;
      assert none == default(Foreign);
    }
  }
}
