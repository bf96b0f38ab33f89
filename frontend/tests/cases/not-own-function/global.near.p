event eA;
machine Main { fun h() { } start state Init { on eA do h; } }
