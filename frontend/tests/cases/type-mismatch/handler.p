event eA: int;
machine Main { start state Init { on eA do (s: string) { } } }
