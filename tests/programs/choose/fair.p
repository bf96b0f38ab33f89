// psem: search "=>* violation"
// psem: search "=>! terminated" --solutions 9
// `$$` chooses as `$` does: four ways.
machine Main {
  var both: (bool, bool);
  start state Init {
    entry { both = ($$, $); }
  }
}
