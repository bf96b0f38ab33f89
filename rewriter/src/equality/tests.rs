//! Chains of equal terms: every link is one that the equations allow, and whatever reduces to the same
//! term has one. So equality by steps is checked against reduction, and reduction against it.

use super::{Answer, Effort, Link, Reason, judge};
use crate::load::{LoadedModule, load};
use crate::reduction::Reducer;
use crate::source::Source;
use crate::statement::Body;
use crate::term::TermId;

fn module(text: &str) -> LoadedModule {
    let loaded = load(&[Source::new("m", text)]).expect("the module is right");
    loaded.current().clone()
}

/// Whether both sides of a link are an instance of the statement with the same rest around it.
fn holds(reducer: &mut Reducer, link: &Link) -> bool {
    let (left, right) = match link.is_backward {
        true => (link.to, link.from),
        false => (link.from, link.to),
    };
    let Reason::Equation(statement) = link.reason else {
        let reduced = reducer.reduce(left).expect("it ends");
        return reduced.term() == right;
    };
    let statement = reducer.module().statement(statement).clone();
    let Body::Equation {
        left: from,
        right: to,
    } = &statement.body
    else {
        return false;
    };
    let op = reducer.store().op(left);
    let subject = Reducer::subject(left);
    let (variables, condition) = (&statement.variables, &statement.condition);
    let found = reducer
        .matches(variables, from, condition, subject, true, usize::MAX)
        .expect("it ends");
    found.iter().any(|values| {
        let (values, around) = values.split_at(variables.len());
        let store = reducer.store_mut();
        let result = store.instantiate(to, values);
        let parts = match around {
            [rest] => vec![result, *rest],
            [before, after] => vec![*before, result, *after],
            _ => vec![result],
        };
        let parts = parts.into_iter().filter(|&part| part != TermId::NONE);
        let parts: Vec<TermId> = parts.collect();
        let whole = match parts.as_slice() {
            [only] => *only,
            _ => store.make(op, &parts),
        };
        whole == right
    })
}

/// Judges each pair of texts; every chain must lead from one to the other by links that hold.
fn check(text: &str, pairs: &[(&str, &str)]) {
    let module = module(text);
    for (left, right) in pairs {
        let mut reducer = Reducer::new(module.module().clone());
        let [left, right] = [left, right].map(|text| -> TermId {
            let pattern = module.parse_term(text).expect("a term");
            reducer.store_mut().ground(&pattern).expect("it is ground")
        });
        let judgment = judge(&mut reducer, left, right, &Effort::default());
        let Answer::Equal(links) = judgment.answer else {
            panic!(
                "{:?} for {}",
                judgment.answer,
                module.print(reducer.store(), left)
            )
        };
        let end = links.last().map_or(left, |link| link.whole);
        assert_eq!(end, right);
        for link in &links {
            let shown = |term| module.print(reducer.store(), term);
            let told = format!(
                "{} = {} by {:?}",
                shown(link.from),
                shown(link.to),
                link.reason
            );
            assert!(holds(&mut reducer, link), "{told}");
        }
    }
}

#[test]
fn lists_sets_and_conditions() {
    check(
        "fmod M is protecting NAT .
          sort L . subsort Nat < L .
          op nil : -> L . op _;_ : L L -> L [assoc id: nil] .
          op rev : L -> L . op sorted : L -> L .
          vars N M : Nat . vars A B : L .
          eq rev(nil) = nil .
          eq rev(N ; A) = rev(A) ; N .
          ceq sorted(A ; N ; M ; B) = sorted(A ; M ; N ; B) if M < N .
        endfm",
        &[
            ("rev(1 ; 2 ; 3)", "3 ; 2 ; 1"),
            ("rev(rev(1 ; 2 ; 3 ; 4))", "1 ; 2 ; 3 ; 4"),
            ("sorted(3 ; 1 ; 2)", "sorted(1 ; 2 ; 3)"),
            ("sorted(rev(1 ; 2 ; 3))", "sorted(1 ; 2 ; 3)"),
        ],
    );
}

#[test]
fn multisets_with_extension_and_owise() {
    check(
        "fmod M is protecting NAT . protecting QID .
          sort S . op <_,_> : Qid Nat -> S .
          op none : -> S . op __ : S S -> S [assoc comm id: none] .
          op total : S -> Nat . op has : Qid S -> Bool .
          var Q : Qid . vars N M : Nat . var R : S .
          eq < Q, N > < Q, M > = < Q, N + M > .
          eq total(< Q, N > R) = N + total(R) .
          eq total(none) = 0 .
          eq has(Q, < Q, N > R) = true .
          eq has(Q, R) = false [owise] .
        endfm",
        &[
            ("< 'a, 1 > < 'b, 2 > < 'a, 3 >", "< 'b, 2 > < 'a, 4 >"),
            ("total(< 'a, 1 > < 'b, 2 > < 'a, 3 >)", "6"),
            ("has('c, < 'a, 1 > < 'b, 2 >)", "has('d, none)"),
            ("has('a, < 'a, 1 > < 'b, 2 >)", "true"),
        ],
    );
}

#[test]
fn normal_forms_that_differ_can_still_be_equal() {
    check(
        "fmod M is sort S . ops a b c d : -> S . op f : S -> S .
          eq a = b . eq f(a) = c . eq d = f(f(b)) . endfm",
        &[("f(b)", "c"), ("f(c)", "d")],
    );
}
