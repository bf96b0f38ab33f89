type tTicket = int;
fun NextTicket(last: tTicket): tTicket { return last + 2; }
machine Main {
  fun Price(ticket: tTicket): int { return Tenfold(ticket); }
}
fun Tenfold(n: int): int { return 10 * n; }
