// psem: search "=>* violation"
// psem: search "=>! terminated"
// D64: an ignored event in front of another is removed only when the inbox is scanned; one
// behind the event that is taken stays and may be handled by the next state.
event eSkip;
event eGo;
machine Main {
  start state Init {
    ignore eSkip;
    entry { send this, eSkip; send this, eGo; send this, eSkip; }
    on eGo goto Next;
  }
  state Next { on eSkip goto Last; }
  state Last { on eSkip do { assert false; } }
}
