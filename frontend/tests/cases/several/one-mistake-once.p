machine Main {
  start state Init {
    entry {
      y = x + 1;
      z = y * 2;
      assert z == unknown(x).f[1];
    }
  }
}
