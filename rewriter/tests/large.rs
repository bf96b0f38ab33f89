//! Large lists and multisets: equal ones are one term however they were made, and changing them
//! costs little.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rewriter::load::{LoadedModule, load};
use rewriter::reduction::{Limits, Reducer};
use rewriter::source::Source;
use rewriter::term::TermId;

const MODULE: &str = "
fmod LARGE is
  protecting NAT .
  sort Mail . subsort Nat < Mail . op empty : -> Mail [ctor] .
  op _,_ : Mail Mail -> Mail [ctor assoc id: empty] .
  sort Pair . op _is_ : Nat Nat -> Pair [ctor] .
  sort Book . subsort Pair < Book . op blank : -> Book [ctor] .
  op _&_ : Book Book -> Book [ctor assoc comm id: blank] .
  sort Bag . op a : -> Bag [ctor] . op b : -> Bag [ctor] . op c : Nat -> Bag [ctor] .
  op __ : Bag Bag -> Bag [ctor assoc comm] .
  vars I J K N : Nat . vars M W : Mail . var B : Book . var S : Bag .

  op up : Nat Nat -> Mail .   eq up(I, I) = empty . eq up(I, J) = I, up(s I, J) [owise] .
  op down : Nat Mail -> Mail . eq down(0, M) = M . eq down(s I, M) = down(I, (I, M)) .
  op grow : Nat Nat Mail -> Mail .
  eq grow(I, I, M) = M . eq grow(I, J, M) = grow(s I, J, (M, I)) [owise] .
  op pump : Nat Mail -> Mail .
  eq pump(0, M) = M . eq pump(s N, (I, M)) = pump(N, (M, I)) .
  op sum : Mail Nat -> Nat .
  eq sum(empty, N) = N . eq sum((I, M), N) = sum(M, I + N) .
  op sumBack : Mail Nat -> Nat .
  eq sumBack(empty, N) = N . eq sumBack((M, I), N) = sumBack(M, I + N) .
  op cut : Nat Mail -> Mail . eq cut(I, (M, I, W)) = M, W .

  op put : Nat Nat Book -> Book .
  eq put(I, J, (I is K) & B) = (I is J) & B . eq put(I, J, B) = (I is J) & B [owise] .
  op fill : Nat Nat Book -> Book .
  eq fill(0, N, B) = B . eq fill(s I, N, B) = fill(I, N, put(I * N rem 10007, I rem 97, B)) .
  op same : Nat Book -> Book . eq same(N, B) = sameUp(0, N, B) .
  op sameUp : Nat Nat Book -> Book . eq sameUp(N, N, B) = B .
  eq sameUp(I, N, B) = sameUp(s I, N, (I is 0) & B) [owise] .
  op zero : Nat Book -> Book . eq zero(0, B) = B . eq zero(s I, B) = zero(I, put(I, 0, B)) .
  op drop : Nat Book -> Book . eq drop(I, (I is K) & B) = B .
  op count : Book Nat -> Nat . eq count(blank, N) = N .
  eq count((I is J) & B, N) = count(B, s N) .

  sort Entry Entries . subsort Entry < Entries . op none : -> Entries [ctor] .
  op _->_ : Nat Nat -> Entry [ctor prec 30] .
  op _;_ : Entries Entries -> Entries [ctor assoc id: none prec 41] .
  vars E E' : Entries . var O : Nat .
  op set : Nat Nat Entries -> Entries .
  eq set(I, J, (E ; I -> K ; E')) = E ; I -> J ; E' . eq set(I, J, E) = E ; I -> J [owise] .
  op front : Nat Nat Entries -> Entries . eq front(I, J, E) = I -> J ; E .
  op unset : Nat Entries -> Entries .
  eq unset(I, (E ; I -> K ; E')) = E ; E' . eq unset(I, E) = E [owise] .
  op twice : Nat Entries -> Entries .
  eq twice(I, (E ; I -> K ; E')) = E ; I -> K ; I -> s K ; E' . eq twice(I, E) = E [owise] .
  op at : Nat Entries -> Nat . eq at(I, (E ; I -> K ; E')) = K . eq at(I, E) = 0 [owise] .
  op is : Nat Mail -> Bool . eq is(I, (M, I, W)) = true . eq is(I, M) = false [owise] .
  op among : Nat Nat Mail -> Nat .
  eq among(0, N, M) = N .
  eq among(s I, N, M) = among(I, if is(I, M) then s N else N fi, M) .
  op fillList : Nat Nat Entries -> Entries .
  eq fillList(0, N, E) = E .
  eq fillList(s I, N, E) = fillList(I, N, set((I * 7919) rem N, at(I, E), E)) .
  op size : Entries Nat -> Nat . eq size(none, N) = N . eq size(I -> J ; E, N) = size(E, s N) .
  op do : Nat Nat Nat Entries -> Entries .
  eq do(0, I, J, E) = set(I, J, E) . eq do(1, I, J, E) = unset(I, E) .
  eq do(2, I, J, E) = front(I, J, E) . eq do(3, I, J, E) = twice(I, E) .
  eq do(O, I, J, E) = set(I, at(J, E), E) [owise] .
  *** The next number after N, as in the test.
  op next : Nat -> Nat . eq next(N) = (N * 1103515245 + 12345) rem 2147483648 .
  op work : Nat Nat Nat Entries -> Entries .
  eq work(0, K, N, E) = E .
  eq work(s I, K, N, E)
   = work(I, K, next(next(next(N))),
       do(draw(N, 12), draw(next(N), K), draw(next(next(N)), K), E)) .
  op draw : Nat Nat -> Nat . eq draw(N, K) = (N quo 65536) rem K .

  op many : Nat Bag -> Bag . eq many(0, S) = S . eq many(s N, S) = many(N, S a) .
  op less : Nat Bag -> Bag . eq less(0, S) = S . eq less(s N, S a) = less(N, S) .
  op mixed : Nat Bag -> Bag . eq mixed(0, S) = S . eq mixed(s N, S) = mixed(N, S c(N) a c(N)) .
endfm";

struct Bench {
    module: LoadedModule,
    reducer: Reducer,
}

impl Bench {
    fn new() -> Bench {
        let module = load(&[Source::new("large.maude", MODULE)])
            .expect("it loads")
            .current()
            .clone();
        let mut reducer = Reducer::new(Arc::clone(module.module()));
        reducer.set_limits(Limits {
            rewrites: u64::MAX,
            deadline: Some(Instant::now() + Duration::from_secs(60)),
            ..Limits::default()
        });
        Bench { module, reducer }
    }

    fn normal(&mut self, text: &str) -> TermId {
        let term = self.module.parse_term(text).expect("it parses");
        let term = self.reducer.store_mut().instantiate(&term, &[]);
        self.reducer.reduce(term).expect("it ends").term()
    }

    fn shown(&mut self, text: &str) -> String {
        let term = self.normal(text);
        self.module.print(self.reducer.store(), term)
    }
}

/// Both texts have one normal form, and it has so many arguments.
#[track_caller]
fn check_same(left: &str, right: &str, n_arguments: usize) {
    let mut bench = Bench::new();
    let (left, right) = (bench.normal(left), bench.normal(right));
    assert_eq!(left, right);
    assert_eq!(bench.reducer.store().arguments(left).len(), n_arguments);
}

#[test]
fn a_list_made_from_either_end_is_one_term() {
    check_same("grow(0, 3000, empty)", "down(3000, empty)", 3000);
    check_same("up(0, 700)", "grow(0, 700, empty)", 700);
    check_same("grow(0, 129, empty)", "down(129, empty)", 129);
    check_same("grow(0, 128, empty)", "down(128, empty)", 128);
}

#[test]
fn a_list_that_was_changed_and_changed_back_is_the_same() {
    let all = "grow(0, 3000, empty)";
    check_same(all, "pump(3000, grow(0, 3000, empty))", 3000);
    check_same(all, "grow(0, 1234, empty), grow(1234, 3000, empty)", 3000);
    check_same(
        "grow(0, 2999, empty)",
        "cut(2999, grow(0, 3000, empty))",
        2999,
    );
    let gap = "grow(0, 1500, empty), grow(1501, 3000, empty)";
    check_same(gap, "cut(1500, grow(0, 3000, empty))", 2999);
    check_same("grow(1, 130, empty)", "cut(0, grow(0, 130, empty))", 129);
    check_same(
        "grow(2, 130, empty)",
        "cut(1, cut(0, grow(0, 130, empty)))",
        128,
    );
}

#[test]
fn elements_keep_their_places() {
    let mut bench = Bench::new();
    let list = bench.normal("grow(0, 1000, empty)");
    let last = bench.normal("999");
    let first = bench.normal("0");
    let arguments = bench.reducer.store().arguments(list);
    assert_eq!(arguments[0], first);
    assert_eq!(arguments[999], last);
    assert!(
        bench
            .shown("pump(3, grow(0, 200, empty))")
            .ends_with("198,199,0,1,2")
    );
}

#[test]
fn a_map_is_one_term_whatever_the_order_of_its_changes() {
    check_same("same(2000, blank)", "zero(2000, blank)", 2000);
    check_same("same(2000, blank)", "zero(2000, same(2000, blank))", 2000);
    let wild = "zero(10007, fill(20000, 7919, blank))";
    check_same(wild, "same(10007, blank)", 10007);
    check_same(
        "drop(5, same(300, blank))",
        "drop(5, zero(300, blank))",
        299,
    );
    check_same(
        "drop(5, same(129, blank))",
        "drop(5, zero(129, blank))",
        128,
    );
}

/// What `work` does, done to a vector.
fn worked(n_steps: usize, n_keys: u64, seed: u64, entries: &mut Vec<(u64, u64)>) -> u64 {
    let mut number = seed;
    for _ in 0..n_steps {
        let [operation, key, value] = [12, n_keys, n_keys].map(|below| {
            let drawn = number / 65536 % below;
            number = (number * 1_103_515_245 + 12345) % 2_147_483_648;
            drawn
        });
        let find = |key: u64| entries.iter().position(|entry| entry.0 == key);
        let place = find(key);
        match (operation, place) {
            (1, Some(place)) => {
                entries.remove(place);
            }
            (2, _) => entries.insert(0, (key, value)),
            (3, Some(place)) => entries.insert(place + 1, (key, entries[place].1 + 1)),
            (1 | 3, None) => {}
            _ => {
                let at = find(value).map_or(0, |place| entries[place].1);
                let value = if operation == 0 { value } else { at };
                match place {
                    Some(place) => entries[place].1 = value,
                    None => entries.push((key, value)),
                }
            }
        }
    }
    number
}

/// The steps are taken in reductions of so many at once.
#[track_caller]
fn check_work(n_rounds: usize, n_steps: usize, n_keys: u64) {
    let mut bench = Bench::new();
    let mut term = bench.normal("none");
    let (mut entries, mut seed) = (Vec::new(), 4711);
    for round in 0..n_rounds {
        let work = format!("work({n_steps}, {n_keys}, {seed}, none)");
        let work = bench.module.parse_term(&work).expect("it parses");
        term = bench.with_last(&work, term);
        seed = worked(n_steps, n_keys, seed, &mut entries);
        let shown = bench.module.print(bench.reducer.store(), term);
        let expected: Vec<String> = (entries.iter())
            .map(|(key, value)| format!("{key} -> {value}"))
            .collect();
        assert!(shown == expected.join(" ; "), "after round {round}");
    }
}

#[test]
fn an_ordered_map_is_changed_as_a_vector_is() {
    check_work(3, 6000, 1500);
    check_work(1500, 2, 600);
    check_work(40, 100, 300);
}

#[test]
fn what_is_among_many_is_found() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.shown("among(2000, 0, cut(77, cut(1234, grow(0, 1500, empty))))"),
        "1498"
    );
    assert_eq!(bench.shown("among(30, 0, grow(10, 100, empty))"), "20");
}

#[test]
fn an_ordered_map_of_many_entries_is_filled_and_changed_in_no_time() {
    let mut bench = Bench::new();
    let start = Instant::now();
    assert_eq!(
        bench.shown("size(fillList(100000, 30011, none), 0)"),
        "30011"
    );
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_multiset_of_equal_elements_is_one_term() {
    check_same("many(500, b)", "less(500, many(1000, b))", 501);
    check_same("mixed(400, b)", "less(100, mixed(400, many(100, b)))", 1201);
    check_same(
        "mixed(200, b) mixed(200, a)",
        "mixed(200, a) mixed(200, b)",
        1202,
    );
}

#[test]
fn matches_see_large_collections_as_small_ones() {
    let mut bench = Bench::new();
    assert_eq!(bench.shown("sum(grow(0, 5000, empty), 0)"), "12497500");
    assert_eq!(bench.shown("sumBack(grow(0, 5000, empty), 0)"), "12497500");
    assert_eq!(bench.shown("count(fill(9000, 7919, blank), 0)"), "9000");
}

#[test]
fn an_inbox_of_ten_thousand_is_appended_to_and_read_in_no_time() {
    let mut bench = Bench::new();
    let start = Instant::now();
    assert_eq!(
        bench.shown("sum(pump(30000, grow(0, 10000, empty)), 0)"),
        "49995000"
    );
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

/// A search makes one stored term after the other; each shares what did not change.
#[test]
fn stored_versions_of_a_large_collection_share_their_parts() {
    let mut bench = Bench::new();
    let list = bench.normal("grow(0, 10000, empty)");
    let book = bench.normal("same(10007, blank)");
    let entries = bench.normal("fillList(10000, 10007, none)");
    let before = bench.reducer.store().bytes();
    let (mut list, mut book, mut entries) = (list, book, entries);
    for round in 0..200 {
        let pump = bench
            .module
            .parse_term("pump(1, empty)")
            .expect("it parses");
        let put = format!("put({}, {}, blank)", round * 37, round + 1);
        let put = bench.module.parse_term(&put).expect("it parses");
        list = bench.with_last(&pump, list);
        book = bench.with_last(&put, book);
        let set = format!("set({}, {}, none)", round * 37, round + 1);
        let set = bench.module.parse_term(&set).expect("it parses");
        entries = bench.with_last(&set, entries);
    }
    let words = (bench.reducer.store().bytes() - before) / 4 / 600;
    assert!(words < 2500, "{words} words a version");
}

impl Bench {
    /// Reduces an application with its last argument replaced.
    fn with_last(&mut self, pattern: &rewriter::pattern::Pattern, last: TermId) -> TermId {
        let store = self.reducer.store_mut();
        let term = store.instantiate(pattern, &[]);
        let op = store.op(term);
        let mut arguments = store.arguments(term).to_vec();
        if let Some(argument) = arguments.last_mut() {
            *argument = last;
        }
        let term = store.make(op, &arguments);
        self.reducer.reduce(term).expect("it ends").term()
    }
}

#[test]
fn soups_of_a_hundred_thousand_elements() {
    let mut bench = Bench::new();
    let start = Instant::now();
    let soup = bench.normal("same(100000, blank)");
    assert_eq!(bench.reducer.store().arguments(soup).len(), 100_000);
    let many = bench.normal("many(100000, b)");
    assert_eq!(bench.reducer.store().arguments(many).len(), 100_001);
    assert!(
        start.elapsed() < Duration::from_secs(40),
        "{:?}",
        start.elapsed()
    );
}
