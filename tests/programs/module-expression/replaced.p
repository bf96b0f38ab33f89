// psem: search "=>* violation(assertion)"
// What is created as an interface is the machine that is bound to it.
machine Server { start state Init { } }
machine Fake { start state Init { entry { assert false, format("{0}", this); } } }
machine Main { start state Init { entry { new Server(); } } }
module all_ = union { Main }, { Fake -> Server };
test t [main = Main]: all_;
