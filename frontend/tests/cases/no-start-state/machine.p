machine Main { state Init { } }
