event eA;
param n: int;
param flag: bool;
interface Small() receives eA;
type Hidden;
machine Main { start state S { entry { new Small(); } } }
machine Worker { start state S { entry { lift(default(Hidden)); } } }
spec Watch observes eA { start hot state S { on eA goto S; } }
scenario Seen observes eA { start state S { on eA goto T; } cold state T { } }
fun lift(h: Hidden): bool;
module workers = { Worker -> Small };
test param (n in [-1, 2]) t [main = Main]: assert Watch in (union { Main }, workers);
