// psem: search "=>* violation(bad-choice)"
// D49: the reference checker stumbles over its own message, psem prints it.
machine Main { start state Init { entry { print format("{0}", choose(2 * 5001)); } } }
