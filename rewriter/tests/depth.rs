//! Terms, collections and computations of any size: no stack overflows, limits are reported.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rewriter::load::{LoadedModule, load};
use rewriter::reduction::{Interrupted, Limits, NormalForm, Reason, Reducer};
use rewriter::source::Source;

const MODULE: &str = "
fmod DEPTH is
  protecting NAT .
  sort L . op nil : -> L [ctor] . op _:_ : Nat L -> L [ctor gather (e E)] .
  sort P . op z : -> P [ctor] . op s : P -> P [ctor] .
  sort S . subsort Nat < S . op mt : -> S [ctor] . op _;_ : S S -> S [ctor assoc comm id: mt] .
  vars N M : Nat . var A : L . var X : P . var B : S .
  op mk : Nat -> L . eq mk(0) = nil . eq mk(s N) = N : mk(N) .
  op sum : L -> Nat . eq sum(nil) = 0 . eq sum(N : A) = N + sum(A) .
  op peano : Nat -> P . eq peano(0) = z . eq peano(s N) = s(peano(N)) .
  op len : P -> Nat . eq len(z) = 0 . eq len(s(X)) = 1 + len(X) .
  op soup : Nat -> S . eq soup(0) = mt . eq soup(s N) = N ; soup(N) .
  op has : Nat S -> Bool . eq has(N, N ; B) = true . eq has(N, B) = false [owise] .
  op deep : Nat -> Bool . eq deep(0) = true . ceq deep(s N) = true if deep(N) .
  op loop : Nat -> Nat . eq loop(N) = loop(s N) .
  op grow : P -> P . eq grow(X) = grow(s(s(s(s(X))))) .
endfm";

fn module() -> LoadedModule {
    load(&[Source::new("depth.maude", MODULE)])
        .expect("it loads")
        .current()
        .clone()
}

fn reduce(text: &str, limits: Limits) -> (Reducer, Result<NormalForm, Interrupted>, String) {
    let module = module();
    let term = module.parse_term(text).expect("it parses");
    let mut reducer = Reducer::new(Arc::clone(module.module()));
    reducer.set_limits(limits);
    let term = reducer.store_mut().instantiate(&term, &[]);
    let result = reducer.reduce(term);
    let shown = match &result {
        Ok(normal) => module.print(reducer.store(), normal.term()),
        Err(interrupted) => match interrupted.redex {
            Some(redex) => module.print(reducer.store(), redex),
            None => String::new(),
        },
    };
    (reducer, result, shown)
}

fn value(text: &str) -> String {
    let (_, result, shown) = reduce(text, Limits::default());
    result.expect("it ends");
    shown
}

#[test]
fn a_list_a_million_deep() {
    assert_eq!(value("sum(mk(1000000))"), "499999500000");
}

#[test]
fn a_free_constructor_a_million_deep() {
    assert_eq!(value("len(peano(1000000))"), "1000000");
}

#[test]
fn conditions_a_hundred_thousand_deep() {
    assert_eq!(value("deep(100000)"), "true");
}

#[test]
fn a_multiset_of_many_elements() {
    assert_eq!(value("has(7, soup(20000))"), "true");
    assert_eq!(value("has(30000, soup(20000))"), "false");
}

#[test]
fn equations_without_end_are_stopped_and_named() {
    let limits = Limits {
        rewrites: 100_000,
        ..Limits::default()
    };
    let (_, result, shown) = reduce("loop(0)", limits);
    assert_eq!(
        result.expect_err("it does not end").reason,
        Reason::Rewrites
    );
    assert!(shown.starts_with("loop("), "{shown}");
}

#[test]
fn terms_without_end_stop_at_the_memory_limit() {
    let memory = Some(200 << 20);
    let limits = Limits {
        rewrites: u64::MAX,
        memory,
        ..Limits::default()
    };
    let module = module();
    let term = module.parse_term("grow(z)").expect("it parses");
    let mut reducer = Reducer::new(Arc::clone(module.module()));
    reducer.set_limits(limits);
    let term = reducer.store_mut().instantiate(&term, &[]);
    let result = reducer.reduce(term);
    assert_eq!(result.expect_err("it does not end").reason, Reason::Memory);
}

#[test]
fn an_interrupt_is_answered() {
    let interrupt = Some(Arc::new(AtomicBool::new(true)));
    let limits = Limits {
        interrupt,
        ..Limits::default()
    };
    let (_, result, _) = reduce("loop(0)", limits);
    assert_eq!(
        result.expect_err("it is interrupted").reason,
        Reason::Interrupt
    );
}
