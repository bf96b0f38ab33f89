// psem: search "=>* violation"
// D12: a hot state counts at the end of an execution; passing through one does not.
event eHot;
event eCold;
spec Watch observes eHot, eCold {
  start cold state Init { on eHot goto Waiting; }
  hot state Waiting { on eCold goto Init; }
}
machine Main {
  start state Init { entry { announce eHot; send this, eCold; } ignore eCold; }
}
test t [main = Main]: assert Watch in { Main };
