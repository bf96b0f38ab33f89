// psem: search "=>* violation"
// psem: search "=>* deadlock"
// In a receive, break leaves the receive only (D47): the loop goes on and waits again.
event eStop;

machine Main {
  start state Init {
    entry {
      send this, eStop;
      while (true) {
        receive {
          case eStop: { break; }
        }
      }
    }
  }
}
