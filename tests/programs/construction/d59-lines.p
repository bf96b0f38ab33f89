// psem: search "=>* violation"
// D59: a string may go on over the end of a line, as the manual of P has it.
machine Main {
  start state Init {
    entry {
      var s: string;
      s = "a
b";
      assert s != "a b" && s + "" == "a
b";
    }
  }
}
