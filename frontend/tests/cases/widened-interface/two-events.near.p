event eA;
event eB;
eventset Small = { eA };
eventset Big = { eA, eB };

machine Main {
  start state Init {
    entry {
      var s: Small;
      var b: Big;
      s = b to Small;
    }
  }
}
