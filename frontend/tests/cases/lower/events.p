event eA: (from: machine, n: int);
event eB;
enum Color { RED = 2, GREEN = 1 }
machine Main {
  var c: Color;
  start state Init {
    entry { new Worker(this); c = GREEN; }
    on eA goto Next with (a: (from: machine, n: int)) { print format("{0}{1}", a.n, c); }
    on eB, null do handle;
    defer halt;
    exit { announce eB; }
  }
  hot state Next {
    entry (a: (from: machine, n: int)) { raise eB; }
    ignore eA;
    on eB goto Init;
  }
  fun handle() { goto Next, (from = this as machine, n = choose(3)); }
}
machine Worker receives eB; sends eA; {
  start cold state S {
    entry (boss: machine) {
      var n: int;
      send boss, eA, (from = this, n = n);
      receive {
        case eB, halt: { }
        case eA: (n: (from: machine, n: int)) { var boss: int; boss = n.n; }
      }
    }
  }
}
