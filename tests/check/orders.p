// psem: check --strategy dfs
// Two machines that have nothing to do with each other, with three steps each.
event eTick;

machine Main {
  start state Init {
    entry {
      new Ticking();
      new Ticking();
    }
  }
}

machine Ticking {
  start state Init {
    entry { send this, eTick; }
    on eTick do { }
  }
}
