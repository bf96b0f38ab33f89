event eA;
scenario Seen observes eA { start cold state S { on eA goto S; } }

machine Main {
  start state Init {
    entry {
      ;
    }
  }
}
