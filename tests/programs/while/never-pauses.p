// psem: search "=>* violation" --step-limit 20000
machine Main {
  var n: int;
  start state Init {
    entry {
      while (true) {
        n = n + 1;
      }
    }
  }
}
