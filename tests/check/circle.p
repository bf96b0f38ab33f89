// psem: check --step-limit 100000
// psem: check -s 3 --step-limit 100000
// psem: check --strategy dfs --step-limit 100000
// A machine that raises an event to itself without a pause: nobody else is ever picked again.
event eGo;
event eAgain;

machine Main {
  start state Init {
    entry {
      var runner: machine;
      runner = new Runner();
      send runner, eGo;
    }
  }
}

machine Runner {
  start state Waiting {
    on eGo goto Circle;
  }
  state Circle {
    entry { raise eAgain; }
    on eAgain goto Circle;
  }
}
