// psem: search "=>* violation"
// psem: search "=>! terminated"
// D13: a machine with nothing but deferred events is idle, which is no deadlock.
event eGo;
machine Main { start state Init { defer eGo; entry { send this, eGo; } } }
