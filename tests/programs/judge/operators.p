// Operators in invariants mean what they mean in machines, and decide as early.
// psem: search "=>* not invariant(late)" -t Judged___limit_4
// psem: search "=>* not invariant(early)" -t Judged___limit_4
// psem: search "=>* not invariant(equal)" -t Judged___limit_4
// psem: search "=>* invariant(fails)" -t Judged___limit_4
// psem: search "=>* invariant(failsInside)" -t Judged___limit_4
// psem: search "=>* not invariant(pairs)" -t Judged___limit_4
// psem: search "=>* not invariant(params)" -t Judged___limit_4
param limit: int;
type tPair = (low: int, high: int);
enum tSign { MINUS, PLUS }
pure within(n: int, pair: tPair): bool = pair.low <= n && n <= pair.high;
pure twice(n: int): int = n + n;
pure unit(sign: tSign): int;
machine Main {
  var counts: map[int, int];
  var n: int;
  start state Begin {
    entry {
      while (n < 2) { counts[n] = twice(n); if ($) { n = n + 1; } }
      assert within(n, (low = 0, high = 5));
    }
  }
}
test param (limit in [4]) Judged [main = Main]: { Main };
invariant late: forall (m: Main) :: m.n == 1 ==> 1 in m.counts || m.counts[0] == 0;
invariant early: forall (m: Main) :: false && m.counts[9] == 1 || true || m.counts[9] == 1;
invariant equal: forall (m: Main) :: (m.n == 0) <==> !(0 < m.n);
invariant fails: forall (m: Main) :: within(m.counts[9], (low = 0, high = 1));
invariant failsInside: exists (m: Main) :: m.counts[9] == 1 && true;
invariant pairs: forall (s: (tSign, bool), m: Main) :: within(twice(m.n), (low = -1, high = limit));
invariant params: forall (m: Main) :: twice(m.n) < limit + 1;
