// psem: search "=>* deadlock"
// All blocked machines are named, in the order of their numbers.
event eX;
machine Other { start state Init { entry { receive { case eX: { } } } } }
machine Main {
  start state Init {
    entry { new Other(); new Other(); receive { case eX: { } } }
  }
}
