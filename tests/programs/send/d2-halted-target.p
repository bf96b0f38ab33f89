// psem: search "=>* at(Alive, Got)"
// psem: search "=>* violation"
// D2: what is sent to a halted machine is lost and holds nothing up.
event eGo;
machine Dead { start state Init { entry { raise halt; } } }
machine Alive { start state Init { on eGo goto Got; } state Got { } }
machine Main {
  start state Init {
    entry {
      var dead: machine;
      var alive: machine;
      dead = new Dead();
      alive = new Alive();
      send dead, eGo;
      send alive, eGo;
    }
  }
}
