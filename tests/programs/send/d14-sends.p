// psem: search "=>* violation(not-in-sends)"
// D14: the sends set is checked when something is sent.
event eYes;
event eNo;
machine Main sends eYes; {
  start state Init {
    entry { send this, eYes; send this, eNo; }
    ignore eYes, eNo;
  }
}
