machine Main { start state Init { } fun Init() { } }
