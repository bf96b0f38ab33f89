event eA;
machine Main sends; { start state S { } }
test t [main = Main]: hidee eA in { Main };
