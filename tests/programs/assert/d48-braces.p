// psem: search "=>* violation(assertion)"
// D48: a message may contain braces.
machine Main {
  start state Init { entry { assert false, format("got {0} in {{set}}", 1); } }
}
