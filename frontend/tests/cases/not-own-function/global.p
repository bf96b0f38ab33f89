event eA;
fun h() { }
machine Main { start state Init { on eA do h; } }
