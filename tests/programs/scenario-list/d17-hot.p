// psem: search "=>* violation"
// psem: search "=>* at(Late, Waiting)"
// D17: a scenario is attached to everything, and may stay hot.
event eGo;
scenario Late observes eGo {
  start hot state Waiting { on eGo do { } }
  cold state Done { }
}
scenario Early observes eGo { start state Waiting { on eGo goto Done; } cold state Done { ignore eGo; } }
machine Main { start state Init { entry { announce eGo; } } }
test t [main = Main]: { Main };
