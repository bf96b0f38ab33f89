// psem: search "=>* violation"
// psem: search "=>! terminated" --solutions 10
// Two senders race; the receiver may see either first, but each sender's own in order.
event eFrom: (who: int, number: int);

machine Main {
  start state Init {
    entry {
      var sink: machine;
      sink = new Sink();
      new Source((sink = sink, who = 1));
      new Source((sink = sink, who = 2));
    }
  }
}

machine Source {
  start state Init {
    entry (config: (sink: machine, who: int)) {
      send config.sink, eFrom, (who = config.who, number = 1);
      send config.sink, eFrom, (who = config.who, number = 2);
    }
  }
}

machine Sink {
  var last: map[int, int];
  start state Counting {
    on eFrom do (m: (who: int, number: int)) {
      if (m.who in last) { assert m.number == last[m.who] + 1, "overtaken"; }
      last[m.who] = m.number;
    }
  }
}
