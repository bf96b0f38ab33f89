//! Scripts and what real Maude 3.2 prints for them.
//!
//! `scripts/NAME.expected` was recorded with `maude -no-banner -no-wrap NAME.maude`, so these tests
//! need no Maude. A script must also leave no diagnostic.

use std::path::Path;

use rewriter::source::Source;
use rewriter::syntax::script::Session;

fn check(name: &str) -> std::io::Result<()> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let text = std::fs::read_to_string(directory.join(format!("{name}.maude")))?;
    let expected = std::fs::read_to_string(directory.join(format!("{name}.expected")))?;
    let mut session = Session::new();
    let mut output = Vec::new();
    let mut read = |file: &str, _: &str| {
        Ok(Source::new(
            file,
            std::fs::read_to_string(directory.join(file))?,
        ))
    };
    session.run(Source::new(name, text), &mut read, &mut output)?;
    let faults: Vec<String> = session
        .library
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.plain(&session.library.sources))
        .collect();
    assert_eq!(faults, [""; 0]);
    let output = String::from_utf8_lossy(&output).into_owned();
    for (number, (ours, theirs)) in output.lines().zip(expected.lines()).enumerate() {
        let (ours, theirs) = (untimed(ours), untimed(theirs));
        assert_eq!(ours, theirs, "line {} of {name}.expected", number + 1);
    }
    let n_lines = output.lines().count();
    assert_eq!(expected.lines().skip(n_lines).collect::<Vec<_>>(), ["Bye."]);
    Ok(())
}

/// A line without the time that something took.
fn untimed(line: &str) -> &str {
    match line.rsplit_once(" in ") {
        Some((rest, time)) if rest.contains("rewrites: ") && time.contains("ms cpu") => rest,
        _ => line,
    }
}

#[test]
fn mixfix() -> std::io::Result<()> {
    check("mixfix")
}

#[test]
fn soups() -> std::io::Result<()> {
    check("soups")
}

#[test]
fn numbers() -> std::io::Result<()> {
    check("numbers")
}

#[test]
fn search() -> std::io::Result<()> {
    check("search")
}

#[test]
fn format() -> std::io::Result<()> {
    check("format")
}

#[test]
fn strategies() -> std::io::Result<()> {
    check("strategies")
}

#[test]
fn fractions() -> std::io::Result<()> {
    check("fractions")
}

#[test]
fn programs() -> std::io::Result<()> {
    check("programs")
}

#[test]
fn parameters() -> std::io::Result<()> {
    check("parameters")
}

#[test]
fn instances() -> std::io::Result<()> {
    check("instances")
}

#[test]
fn renamings() -> std::io::Result<()> {
    check("renamings")
}

#[test]
fn modules() -> std::io::Result<()> {
    check("modules")
}

#[test]
fn matching() -> std::io::Result<()> {
    check("match")
}

#[test]
fn show() -> std::io::Result<()> {
    check("show")
}

#[test]
fn printing() -> std::io::Result<()> {
    check("printing")
}

#[test]
fn temporal() -> std::io::Result<()> {
    check("temporal")
}

#[test]
fn counterexamples() -> std::io::Result<()> {
    check("counterexamples")
}

#[test]
fn mappings() -> std::io::Result<()> {
    check("mappings")
}

#[test]
fn connectives() -> std::io::Result<()> {
    check("connectives")
}

#[test]
fn printed() -> std::io::Result<()> {
    check("printed")
}

#[test]
fn sharing() -> std::io::Result<()> {
    check("sharing")
}

#[test]
fn nesting() -> std::io::Result<()> {
    check("nesting")
}

#[test]
fn laziness() -> std::io::Result<()> {
    check("laziness")
}

#[test]
fn memberships() -> std::io::Result<()> {
    check("memberships")
}

#[test]
fn semantics() -> std::io::Result<()> {
    check("semantics")
}

#[test]
fn puzzles() -> std::io::Result<()> {
    check("puzzles")
}

#[test]
fn libraries() -> std::io::Result<()> {
    check("libraries")
}

#[test]
fn vanishing() -> std::io::Result<()> {
    check("vanishing")
}

/// Maude 3.2 does not have this arrow.
#[test]
fn states_from_which_there_are_several_ways() -> std::io::Result<()> {
    let text = "mod M is
                  sort S .
                  ops a b c d : -> S .
                  rl a => b .
                  rl b => c .
                  rl b => d .
                endm
                set show stats off .
                search a =># X:S .\n";
    let mut output = Vec::new();
    let mut read = |_: &str, _: &str| Err(std::io::ErrorKind::NotFound.into());
    Session::new().run(Source::new("t", text), &mut read, &mut output)?;
    let output = String::from_utf8_lossy(&output);
    let (_, found) = output.split_once(" .\n").unwrap_or_default();
    assert_eq!(
        found,
        "\nSolution 1 (state 1)\nX:S --> b\n\nNo more solutions.\n"
    );
    Ok(())
}

#[test]
fn watch() -> std::io::Result<()> {
    check("watch")
}

#[test]
fn walks() -> std::io::Result<()> {
    check("walks")
}

#[test]
fn copies() -> std::io::Result<()> {
    check("copies")
}

#[test]
fn enclosed() -> std::io::Result<()> {
    check("enclosed")
}

#[test]
fn failures() -> std::io::Result<()> {
    check("failures")
}

#[test]
fn joined() -> std::io::Result<()> {
    check("joined")
}
