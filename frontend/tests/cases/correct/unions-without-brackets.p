machine A { start state S { } }
machine B { start state S { } }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
test outer [main = Main]: union union { Main }, { A }, { B };
test inner [main = Main]: union { Main }, union { A }, { B };
