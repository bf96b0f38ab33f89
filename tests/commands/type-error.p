machine Main {
  var x: int;
  start state S { entry { x = true; y = 2; } }
}
