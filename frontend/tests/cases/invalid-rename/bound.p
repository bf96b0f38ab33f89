event eA;
machine Main { start state S { entry { new Worker(); } } }
machine Worker { start state S { } }
spec Watch observes eA { start state S { on eA do { } } }
interface Other() receives halt, eA;
test t [main = Main]: rename Worker to Main in { Main, Worker };
