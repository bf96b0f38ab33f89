// psem: search "=>* violation"
event eHello;

machine Main {
  var friend: machine;
  start state Init {
    entry { send friend, eHello; }
  }
}
