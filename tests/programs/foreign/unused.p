// psem: search "=>* violation"
// A program that never calls its foreign functions runs.
type Handle;
fun Connect(name: string): Handle;
machine Main { var handle: Handle; start state Init { entry { if (false) { handle = Connect("x"); } } } }
