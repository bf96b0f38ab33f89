machine Main { start state A { } state B { } }
