machine Main { start state Init { entry { } exit { } } }
