machine Main { start state Init { } state Init { } }
