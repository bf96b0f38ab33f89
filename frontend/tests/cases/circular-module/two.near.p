event eA;
machine Main { start state S { entry { new Worker(); } } }
machine Worker { start state S { } }
spec Watch observes eA { start state S { on eA do { } } }
module a = union b, { Main };
module b = { Worker };
test t [main = Main]: a;
