machine Main { start state Init { } }
