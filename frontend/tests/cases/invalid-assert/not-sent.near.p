event eA;
spec Watch observes eA { start state S { } }
machine Main sends eA; { start state S { } }
test t [main = Main]: assert Watch in { Main };
