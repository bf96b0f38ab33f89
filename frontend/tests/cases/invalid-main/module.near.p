machine Main { start state S { entry { new Worker(); } } }
machine Worker { start state S { } }
machine Other { start state S { } }
implementation impl: main Main in { Main, Worker };
