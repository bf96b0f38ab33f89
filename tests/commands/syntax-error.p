machine Main {
  start state S { entry { x = 1 } }
}
