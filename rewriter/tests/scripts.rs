//! Scripts and what real Maude 3.2 prints for them.
//!
//! `scripts/NAME.expected` was recorded with `maude -no-banner -no-wrap NAME.maude`, so these tests
//! need no Maude. A script must also leave no diagnostic.

use std::path::Path;

use rewriter::source::Source;
use rewriter::syntax::script::Session;

fn check(name: &str) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let text = std::fs::read_to_string(directory.join(format!("{name}.maude"))).unwrap();
    let expected = std::fs::read_to_string(directory.join(format!("{name}.expected"))).unwrap();
    let mut session = Session::new();
    let mut output = Vec::new();
    let mut read = |file: &str, _: &str| {
        Ok(Source::new(
            file,
            std::fs::read_to_string(directory.join(file))?,
        ))
    };
    session
        .run(Source::new(name, text), &mut read, &mut output)
        .unwrap();
    let faults: Vec<String> = session
        .library
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.plain(&session.library.sources))
        .collect();
    assert_eq!(faults, [""; 0]);
    let output = String::from_utf8(output).unwrap();
    for (number, (ours, theirs)) in output.lines().zip(expected.lines()).enumerate() {
        assert_eq!(ours, theirs, "line {} of {name}.expected", number + 1);
    }
    assert_eq!(output + "Bye.\n", expected);
}

#[test]
fn mixfix() {
    check("mixfix");
}

#[test]
fn numbers() {
    check("numbers");
}

#[test]
fn search() {
    check("search");
}

#[test]
fn format() {
    check("format");
}

#[test]
fn modules() {
    check("modules");
}

#[test]
fn matching() {
    check("match");
}
