//! What an ambiguity message advises does what it says.

use rewriter::load::load;
use rewriter::source::Source;

fn module(attributes: [&str; 2]) -> String {
    let [minus, star] = attributes;
    format!(
        "fmod M is sort E . ops a b c : -> E .
           op _-_ : E E -> E [prec 41 {minus}] .
           op _*_ : E E -> E [{star}] .
         endfm"
    )
}

/// The warning about a term.
fn warning(text: &str) -> String {
    let loaded = load(&[Source::new("m", module(["", "prec 41"]))]).expect("the module is right");
    let rejected = loaded
        .current()
        .parse_term(text)
        .expect_err("it is ambiguous");
    rejected.plain()
}

/// The only reading of a term: its operator on top.
fn top(attributes: [&str; 2], text: &str) -> String {
    let loaded = load(&[Source::new("m", module(attributes))]).expect("the module is right");
    let module = loaded.current();
    let term = module.parse_term(text).expect("it has one reading");
    let mut reducer = rewriter::reduction::Reducer::new(module.module().clone());
    let term = reducer.store_mut().ground(&term).expect("it is ground");
    module.print_prefix(reducer.store(), term)
}

#[test]
fn one_operator_is_told_how_to_gather() {
    let warning = warning("a - b - c");
    let advice = "declare `_-_` with `gather (E e)` for the first, `gather (e E)` for the second";
    let (left, right) = ("((a - b) - c)", "(a - (b - c))");
    assert!(warning.contains(advice), "{warning}");
    assert!(warning.find(left) < warning.find(right), "{warning}");
    let read = |gather| top([gather, "prec 41"], "a - b - c");
    assert_eq!(read("gather (E e)"), "_-_(_-_(a, b), c)");
    assert_eq!(read("gather (e E)"), "_-_(a, _-_(b, c))");
}

#[test]
fn two_operators_are_told_which_binds_tighter() {
    let warning = warning("a - b * c");
    let first = warning.find("((a - b) * c)").expect("one reading");
    let second = warning.find("(a - (b * c))").expect("the other reading");
    let (outer, inner) = match first < second {
        true => ("_*_", "_-_"),
        false => ("_-_", "_*_"),
    };
    let advice = format!(
        "give `{inner}` a `prec` below that of `{outer}` for the first, above it for the second"
    );
    assert!(warning.contains(&advice), "{warning}");
    assert_eq!(top(["", "prec 40"], "a - b * c"), "_-_(a, _*_(b, c))");
    assert_eq!(top(["", "prec 42"], "a - b * c"), "_*_(_-_(a, b), c)");
}
