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
    let before = bench.reducer.store().bytes();
    let (mut list, mut book) = (list, book);
    for round in 0..200 {
        let pump = bench
            .module
            .parse_term("pump(1, empty)")
            .expect("it parses");
        let put = format!("put({}, {}, blank)", round * 37, round + 1);
        let put = bench.module.parse_term(&put).expect("it parses");
        list = bench.with_last(&pump, list);
        book = bench.with_last(&put, book);
    }
    let words = (bench.reducer.store().bytes() - before) / 4 / 400;
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
