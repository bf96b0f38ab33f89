// psem: search "=>* violation"
// D23: strings are ordered by the codes of their characters, so "B" comes before "a"; in
// the reference checker a culture decides.
machine Main {
  start state Init {
    entry {
      assert "B" < "a" && "a" > "B" && "a" <= "a" && "ab" >= "a";
      assert !("a" < "B");
      assert 2 >= 1 && 1 <= 1;
    }
  }
}
