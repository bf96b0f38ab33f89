// psem: search "=>* violation" -t Inside
// psem: search "=>* violation" -t Outside
// A monitor sees what machines of its module send, and nothing else (D15, D51, D52).
event eBad;

spec Never observes eBad {
  start state W {
    on eBad do { assert false; }
  }
}

machine Driver {
  start state Init {
    entry { new Quiet(); announce eBad; }
  }
}

machine Quiet {
  start state Init { }
}

test Inside [main = Driver]: assert Never in { Driver, Quiet };
test Outside [main = Driver]: union { Driver }, (assert Never in { Quiet });
