machine Main { start state Init { defer null; } }
