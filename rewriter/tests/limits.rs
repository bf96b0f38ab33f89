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
