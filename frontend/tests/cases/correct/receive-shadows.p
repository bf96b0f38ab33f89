event eA: int;
event eB;
machine Main {
  start state Init {
    entry {
      var n: int;
      receive { case eA: (n: int) { receive { case eA: (n: int) { assert n == 1; } } } case halt, eB: { } }
      n = 1;
    }
  }
}
