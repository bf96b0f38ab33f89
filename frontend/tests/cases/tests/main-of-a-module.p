machine Main { start state S { entry { new Worker(); } } }
machine Worker { start state S { } }
module system = main Main in { Main, Worker };
implementation impl: system;
implementation other [main = Worker]: system;
implementation library: { Worker };
