// psem: search "=>* violation"
// What is in the inbox of a machine that halts is lost; references stay valid.
event eGo;
machine Other { start state Init { on eGo do { assert false; } entry { raise halt; } } }
machine Main {
  start state Init {
    entry { var o: machine; o = new Other(); send o, eGo; send o, halt; assert o == o && format("{0}", o) == "Other(2)"; }
  }
}
