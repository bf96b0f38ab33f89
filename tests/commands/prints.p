event eNext: int;
machine Main {
  var n: int;
  start state S {
    entry { print "hello"; send this, eNext, 1; }
    on eNext do (k: int) {
      n = n + k;
      print format("n is {0}", n);
      if (n < 3) { send this, eNext, k; }
    }
  }
}
