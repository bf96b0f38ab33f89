// psem: search "=>* at(Order, Between)"
// D3, D35: another machine may run between two sends of one handler.
event eGo;
event eFirst;
event eOther;
event eSecond;
spec Order observes eFirst, eOther, eSecond {
  start state Init { on eFirst goto One; ignore eOther, eSecond; }
  state One { on eOther goto Between; on eSecond goto Init; }
  state Between { ignore eFirst, eOther, eSecond; }
}
machine Other { start state Init { on eGo do { announce eOther; } } }
machine Main {
  start state Init {
    entry {
      var other: machine;
      other = new Other();
      send other, eGo;
      announce eFirst;
      send this, eGo;
      announce eSecond;
    }
    ignore eGo;
  }
}
test t [main = Main]: assert Order in { Main, Other };
