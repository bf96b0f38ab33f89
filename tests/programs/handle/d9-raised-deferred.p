// psem: search "=>* violation"
// psem: search "=>! terminated"
// D9: an event that is raised where it is deferred is lost.
event eGo;
machine Main {
  start state Init { defer eGo; entry { raise eGo; } on null goto Next; }
  state Next { on eGo do { assert false; } }
}
