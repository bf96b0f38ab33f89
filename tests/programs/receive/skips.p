// psem: search "=>* violation"
// What a receive does not wait for keeps its place in the inbox, there before or after.
event eA: int;
event eX;
machine Other { start state Init { entry (m: machine) { send m, eA, 2; send m, eX; } } }
machine Main {
  var n: int;
  start state Init {
    entry {
      send this, eA, 1;
      new Other(this);
      receive { case eX: { } }
    }
    on eA do (x: int) { n = n + 1; assert n == x; }
  }
}
