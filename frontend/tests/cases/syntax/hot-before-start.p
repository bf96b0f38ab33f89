machine Main { hot start state Init { } }
