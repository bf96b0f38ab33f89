// psem: search "=>* violation"
machine Main { start state Init { entry { print "hello"; print format("{0}", 1); } } }
