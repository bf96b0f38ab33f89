machine Main { start state Init { } state Next { } }
