// psem: search "=>* violation"
// An event that is raised where it is ignored ends the handler and nothing else.
event eGo;
machine Main {
  start state Init { ignore eGo; entry { raise eGo; } exit { assert false; } }
}
