// psem: search "=>* at(Other, Reached)"
// An implementation starts with the machine that its module names.
event eGo;
machine Main { start state Init { } }
machine Other { start state Init { entry { goto Reached; } } state Reached { } }
spec Watch observes eGo { start state Init { } }
module system = main Other in (assert Watch in { Main, Other });
implementation impl: system;
