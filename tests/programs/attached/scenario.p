// psem: search "=>* violation"
// psem: search "=>* at(Once, Done)"
// A scenario that is named in an `assert` as well is attached once.
event eGo;
scenario Once observes eGo {
  start state Waiting { on eGo goto Done; }
  cold state Done { on eGo do { assert false; } }
}
machine Main { start state Init { entry { announce eGo; } } }
test t [main = Main]: assert Once in { Main };
