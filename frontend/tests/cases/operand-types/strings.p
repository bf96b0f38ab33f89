machine Main {
  start state Init {
    entry {
      assert "a" + "b" > "c";
    }
  }
}
