// psem: search "=>* violation(assertion)"
// An assertion in a scenario counts; scenarios come in the order of their names, after
// the specs.
event eGo;
scenario B observes eGo { start state Init { on eGo do { assert false, "B"; } } cold state Done { } }
scenario A observes eGo { start state Init { on eGo do { assert false, "A"; } } cold state Done { } }
scenario C observes eGo { start state Init { on eGo do { assert false, "C"; } } cold state Done { } }
spec Z observes eGo { start state Init { on eGo do { } } }
machine Main { start state Init { entry { announce eGo; } } }
test t [main = Main]: assert Z in { Main };
