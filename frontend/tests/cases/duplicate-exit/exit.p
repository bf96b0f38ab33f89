machine Main { start state Init { exit { } exit { } } }
