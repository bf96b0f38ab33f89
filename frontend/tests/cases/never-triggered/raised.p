event eA;
event eB;
event eC;

spec Watch observes eA {
  start state Init {
    on eA do { if (true) { raise eB; } }
    on eB do { }
    on eC do { }
  }
}

machine Main { start state Init { entry { announce eA; } } }
