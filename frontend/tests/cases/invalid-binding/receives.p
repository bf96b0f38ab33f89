event eA;
machine Main { start state S { entry { new Worker(); } } }
machine Worker { start state S { } }
spec Watch observes eA { start state S { on eA do { } } }
machine Narrow receives; { start state S { } }
test t [main = Main]: { Main, Narrow -> Worker };
