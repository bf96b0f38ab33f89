machine Main { start state S { entry (n: int) { } } }
test t [main = Main]: { Main };
