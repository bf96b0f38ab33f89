machine Main { start state Init { } }
machine Main { start state Init { } }
