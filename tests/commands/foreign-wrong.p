fun Price(ticket: tTicket): int { return 20; }
machine Main { var n: int; }
