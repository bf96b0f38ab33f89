machine A { start state S { } }
machine B { start state S { } }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
test t [main = Main]: { Main }, { A };
