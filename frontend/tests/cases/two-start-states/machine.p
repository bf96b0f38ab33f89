machine Main { start state A { } start state B { } }
