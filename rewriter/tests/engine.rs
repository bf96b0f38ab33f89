//! Modules that exercise the engine, and what real Maude 3.2 prints for them.
//!
//! `engine/NAME.expected` was recorded with `maude -no-banner -no-wrap NAME.maude`: normal forms with
//! their sorts and rewrites, matchers in order, states with their numbers.

use std::path::Path;

use rewriter::source::Source;
use rewriter::syntax::script::Session;

fn check(name: &str) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine");
    let read = |ending: &str| {
        std::fs::read_to_string(directory.join(format!("{name}.{ending}"))).expect("it is there")
    };
    let mut session = Session::new();
    let mut output = Vec::new();
    let mut none = |file: &str, _: &str| Err(std::io::Error::other(file.to_owned()));
    session
        .run(Source::new(name, read("maude")), &mut none, &mut output)
        .expect("a vector takes everything");
    let output = String::from_utf8(output).expect("output is text") + "Bye.\n";
    let expected = read("expected");
    let (ours, theirs) = (lines(&output), lines(&expected));
    for ((_, ours), (number, theirs)) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs, "line {} of {name}.expected", number + 1);
    }
    assert_eq!(ours.len(), theirs.len());
}

/// Numbered lines without the echo of commands, which is not the engine's, and with the variables
/// of each substitution in alphabetical order.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let is_echo = |line: &str| line.starts_with("match in ") || line.starts_with("search ");
    let mut lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !is_echo(line))
        .collect();
    let is_binding = |line: &(usize, &str)| line.1.contains(" --> ");
    for bindings in lines.chunk_by_mut(|a, b| is_binding(a) && is_binding(b)) {
        bindings.sort_by_key(|(_, line)| *line);
    }
    lines
}

#[test]
fn reductions() {
    check("reductions");
}

#[test]
fn transitions() {
    check("transitions");
}

#[test]
fn rest() {
    check("rest");
}

#[test]
fn matchers() {
    check("matchers");
}

#[test]
fn multiplicities() {
    check("multiplicities");
}

#[test]
fn zero_is_a_number_where_memberships_speak_of_it() {
    // 2026-11-21: a zero on which a membership axiom was tried was none, so sums with it stayed.
    check("zero");
}
