fun NextTicket(last: tTicket): int { return 2; }
