// psem: search "=>* violation"
// psem: search "=>! terminated"
event eNoise;
event eWork;

machine Main {
  var done: int;
  start state Quiet {
    entry { send this, eNoise; send this, eWork; send this, eNoise; raise eNoise; }
    ignore eNoise;
    on eWork do { done = done + 1; assert done == 1; }
  }
}
