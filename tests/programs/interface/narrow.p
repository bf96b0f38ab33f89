// psem: search "=>* violation"
// psem: search "=>* at(Server, Served)"
// A reference that was narrowed is still the same machine: equal, found as a key, printed
// alike, and what it permits arrives.
event eAsk: Front;
event eAdmin;
interface Front() receives eAsk;
machine Server {
  start state Init {
    on eAsk do (me: Front) { assert (me as machine) == this; goto Served; }
    on eAdmin do { }
  }
  state Served { ignore eAdmin; }
}
machine Main {
  start state Init {
    entry {
      var wide: Server;
      var narrow: Front;
      var any_: any;
      var m: map[machine, int];
      var s: set[any];
      wide = new Server();
      narrow = wide to Front;
      assert (narrow as machine) == wide && wide == (narrow as machine);
      assert narrow == (narrow to Front);
      m[wide] = 1;
      m[narrow] = m[narrow] + 1;
      assert sizeof(m) == 1 && m[wide] == 2 && narrow in m;
      s += (narrow);
      s += (wide);
      assert sizeof(s) == 1 && wide in s;
      any_ = narrow;
      assert (any_ as machine) == wide && (any_ as Front) == narrow;
      assert format("{0}", narrow) == "Server(2)";
      send narrow, eAsk, narrow;
      send wide, eAdmin;
    }
  }
}
test t [main = Main]: { Main, Server };
