// psem: search "=>* violation"
// psem: search "=>* at(Third, Reached)"
// psem: search "=>* at(Inner, Made)"
// D61: after a renaming what the module creates goes by the new name, wherever that is
// bound; what others create under the old name is not touched.
event eGo;
machine Worker { start state Init { entry { new Inner(); } } }
machine Inner { start state Init { entry { goto Made; } } state Made { } }
machine Other { start state Init { entry { goto Reached; } } state Reached { } }
machine Main {
  start state Init { entry { new Worker(); new Inner(); } }
}
interface Second() receives eGo, halt;
interface Third() receives eGo, halt;
test t [main = Main]:
  union { Main, Inner }, (rename Second to Third in (rename Inner to Second in { Worker, Other -> Inner }));
