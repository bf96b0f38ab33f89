// psem: search "=>* violation(null-event)"
machine Main { start state Init { entry { var e: event; announce e; } } }
