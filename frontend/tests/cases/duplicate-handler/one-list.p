event eA;
machine Main { start state Init { ignore eA, eA; } }
