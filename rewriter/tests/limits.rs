//! Reductions that would not end stop at a limit, which is named.

use rewriter::load::load;
use rewriter::reduction::{Limits, Reason, Reducer};
use rewriter::source::Source;

/// What ends the reduction of a term in a module, when 100 MB may be used.
fn reason(text: &str, term: &str) -> Reason {
    let loaded = load(&[Source::new("endless", text)]).expect("the module is right");
    let module = loaded.current();
    let mut reducer = Reducer::new(module.module().clone());
    reducer.set_limits(Limits {
        rewrites: u64::MAX,
        memory: Some(100 << 20),
        ..Limits::default()
    });
    let term = module.parse_term(term).expect("a term");
    let term = reducer.store_mut().ground(&term).expect("it is ground");
    reducer.reduce(term).expect_err("it never ends").reason
}

#[test]
fn a_condition_that_asks_for_itself() {
    let module = "fmod CONDITION is
      sort S . op a : -> S . op f : S -> S . var X : S .
      ceq f(X) = X if f(X) = a .
    endfm";
    assert_eq!(reason(module, "f(a)"), Reason::Memory);
}

#[test]
fn a_term_that_grows() {
    let module = "fmod GROWTH is
      sort S . op a : -> S . ops f g : S -> S . var X : S .
      eq f(X) = g(f(g(X))) .
    endfm";
    assert_eq!(reason(module, "f(a)"), Reason::Memory);
}

#[test]
fn a_collection_that_grows() {
    let module = "fmod SOUP is
      sort S . op a : -> S . op f : S -> S .
      op __ : S S -> S [assoc comm] . var X : S .
      eq f(X) = f(X X) .
    endfm";
    assert_eq!(reason(module, "f(a)"), Reason::Memory);
}

/// Whether what a reduction was doing at its limit is seen never to end.
fn never_ends(text: &str, term: &str) -> bool {
    let loaded = load(&[Source::new("circle", text)]).expect("the module is right");
    let module = loaded.current();
    let mut reducer = Reducer::new(module.module().clone());
    reducer.set_limits(Limits {
        rewrites: 20_000,
        ..Limits::default()
    });
    let term = module.parse_term(term).expect("a term");
    let term = reducer.store_mut().ground(&term).expect("it is ground");
    let interrupted = reducer.reduce(term).expect_err("it takes long");
    assert_eq!(interrupted.reason, Reason::Rewrites);
    let redex = interrupted.redex.expect("something was rewritten");
    let answer = reducer.never_ends(redex, 20_000);
    // The question leaves no trace.
    let again = reducer.reduce(term).expect_err("it takes long");
    assert_eq!(again.reason, Reason::Rewrites);
    answer
}

#[test]
fn a_circle_is_recognized() {
    let module = "fmod CIRCLE is
      protecting NAT .
      sort S . ops a b c : -> S . ops f g : S -> S . op h : S Nat -> S .
      op __ : S S -> S [assoc comm] . vars X Y : S . var N : Nat .
      eq f(a) = f(b) . eq f(b) = f(c) . eq f(c) = f(a) .
      eq g(X) = f(X) . eq h(X, N) = h(X, (N + 1) rem 100) .
    endfm";
    assert!(never_ends(module, "f(b)"));
    assert!(never_ends(module, "a g(c)"));
    assert!(never_ends(module, "h(a, 7)"));
}

#[test]
fn what_grows_or_only_takes_long_is_no_circle() {
    let module = "fmod LONG is
      protecting NAT .
      sort S . op a : -> S . ops f k : S Nat -> S .
      var X : S . var N : Nat .
      eq f(X, N) = f(X, s N) .
      eq k(X, 0) = a . eq k(X, s N) = k(k(X, 0), N) .
    endfm";
    assert!(!never_ends(module, "f(a, 0)"));
    assert!(!never_ends(module, "k(a, 1000000)"));
}
