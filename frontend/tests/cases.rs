//! What the frontend says of small programs, each with its expectation beside it.
//!
//! `cases/<rule>/<case>.p` is a program; `cases/<rule>/<case>.txt` is what a user sees
//! of it: the tests that it has, or all that is wrong. `BLESS=1 cargo test` writes the
//! expectations; read the difference. `<case>.near.p` is the same program but for a line or
//! two, and nothing is wrong with it: a rule must refuse no more than it says.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use frontend::diagnostic::{Code, render};
use frontend::program::compile;
use frontend::source::Sources;

fn programs(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            found.extend(programs(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "p") {
            found.push(entry);
        }
    }
    found
}

fn cases() -> Vec<PathBuf> {
    programs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"))
}

fn sources(path: &Path) -> Sources {
    let mut sources = Sources::new();
    sources.add(path.file_name().unwrap(), fs::read_to_string(path).unwrap());
    sources
}

/// What a user sees, and for the cases of `lower` the terms too.
fn outcome(sources: &Sources, shows_terms: bool) -> String {
    match compile(sources) {
        Ok(program) => {
            let mut text = render(program.warnings(), sources, false);
            for (index, test) in program.tests().iter().enumerate() {
                text.push_str(&format!("test {} of {}\n", test.name, test.main));
                // Whatever passes can be lowered.
                let term = program.lower(index).to_maude();
                if shows_terms {
                    text.push_str(&term);
                    text.push('\n');
                }
            }
            if program.tests().is_empty() {
                text.push_str("no test\n");
            }
            text
        }
        Err(diagnostics) => render(&diagnostics, sources, false),
    }
}

/// These are about files and options, not about the text of one program, to which another could
/// be near; nesting has a test of its own.
const ELSEWHERE: [Code; 6] = [
    Code::UnreadableFile,
    Code::BadProject,
    Code::NoFiles,
    Code::NestedTooDeeply,
    Code::UnknownTest,
    Code::BadForeign,
];

#[test]
fn every_program_gets_its_expectation() {
    let mut differences = String::new();
    for path in cases() {
        let shows_terms = path.parent().is_some_and(|group| group.ends_with("lower"));
        let got = outcome(&sources(&path), shows_terms);
        let expectation = path.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expectation, &got).unwrap();
            continue;
        }
        let expected = fs::read_to_string(&expectation).unwrap_or_default();
        if got != expected {
            let path = path.display();
            differences.push_str(&format!("{path}\n--- expected\n{expected}--- got\n{got}\n"));
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

/// A rule without a program that breaks it is a rule that nobody has seen work.
#[test]
fn every_code_has_a_case() {
    let mut seen = BTreeSet::new();
    for path in cases() {
        let sources = sources(&path);
        let diagnostics = match compile(&sources) {
            Ok(program) => program.warnings().to_vec(),
            Err(diagnostics) => diagnostics,
        };
        seen.extend(diagnostics.iter().map(|diagnostic| diagnostic.code));
    }
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !seen.contains(code) && !ELSEWHERE.contains(code))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

/// The errors of a program.
fn errors(sources: &Sources) -> BTreeSet<Code> {
    let found = compile(sources).err().unwrap_or_default();
    let errors = found.iter().filter(|diagnostic| diagnostic.is_error());
    errors.map(|diagnostic| diagnostic.code).collect()
}

/// How many lines of one text are not in the other, at the most.
fn n_different(left: &str, right: &str) -> usize {
    let only = |a: &str, b: &str| {
        let mut rest: Vec<&str> = b.lines().collect();
        let mut n_only = 0;
        for line in a.lines() {
            match rest.iter().position(|other| *other == line) {
                Some(place) => drop(rest.remove(place)),
                None => n_only += 1,
            }
        }
        n_only
    };
    only(left, right).max(only(right, left))
}

#[test]
fn every_error_has_a_near_miss() {
    const MOST: usize = 2;
    let mut with_partner = BTreeSet::new();
    for near in cases() {
        let name = near.file_name().unwrap().to_str().unwrap();
        let Some(stem) = name.strip_suffix(".near.p") else {
            continue;
        };
        let wrong = near.with_file_name(format!("{stem}.p"));
        let (near, wrong) = (sources(&near), sources(&wrong));
        assert_eq!(errors(&near), BTreeSet::new(), "{name}");
        let codes = errors(&wrong);
        assert_eq!(codes.len(), 1, "{stem}.p has one mistake, not {codes:?}");
        let text = |of: &Sources| of.files().next().unwrap().1.text().to_owned();
        let (near, wrong) = (text(&near), text(&wrong));
        let n_different = n_different(&near, &wrong);
        assert!((1..=MOST).contains(&n_different), "{name}: {n_different}");
        with_partner.extend(codes);
    }
    let is_warning = |code: Code| (800..900).contains(&code.number());
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !is_warning(**code) && !ELSEWHERE.contains(code))
        .filter(|code| !with_partner.contains(code))
        .collect();
    assert!(missing.is_empty(), "no near miss for {missing:?}");
}
