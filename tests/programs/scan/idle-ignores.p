// psem: search "=>* violation"
// An ignored event that comes to an idle machine wakes nobody.
event eSkip;
machine Other { start state Init { ignore eSkip; } }
machine Main {
  start state Init { entry { var o: machine; o = new Other(); send o, eSkip; send o, eSkip; } }
}
