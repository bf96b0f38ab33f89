type tTicket;
fun NextTicket(last: tTicket): tTicket;
machine Main {
  var ticket: tTicket;
  fun Price(ticket: tTicket): int;
  start state S {
    entry {
      ticket = NextTicket(ticket);
      assert Price(ticket) == 20, "too expensive";
    }
  }
}
