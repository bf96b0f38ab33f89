// psem: search "=>* violation(bad-choice)"
machine Main { start state Init { entry { print format("{0}", choose(-1)); } } }
