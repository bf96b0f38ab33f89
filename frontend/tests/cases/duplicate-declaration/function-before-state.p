machine Main { fun Init() { } start state Init { } }
