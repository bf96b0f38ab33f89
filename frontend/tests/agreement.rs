//! What the frontend writes is what the rules declare, and real Maude agrees.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use frontend::program::compile;
use frontend::source::Sources;
use frontend::vocabulary::{Signature, missing};

/// Every `op` and `ops` of a chapter, as `name : Arguments -> Result`.
fn declared(text: &str, found: &mut BTreeSet<String>) {
    let mut rest: Vec<&str> = text.lines().map(|line| line.trim()).collect();
    rest.retain(|line| line.starts_with("op ") || line.starts_with("ops "));
    for line in rest {
        let Some((names, tail)) = line.split_once(" :") else {
            continue;
        };
        let (_, names) = names.split_once(' ').unwrap();
        let signature = tail.split(['[', '.']).next().unwrap();
        let signature: Vec<&str> = signature.split_whitespace().collect();
        for name in names.split_whitespace() {
            found.insert(format!("{name} : {}", signature.join(" ")));
        }
    }
}

#[test]
fn every_operator_is_declared_by_the_rules() {
    let semantics = Path::new(env!("CARGO_MANIFEST_DIR")).join("../semantics");
    let mut found = BTreeSet::new();
    // The rules take these from Maude's own modules.
    found.insert("true : -> Bool".to_owned());
    found.insert("false : -> Bool".to_owned());
    for entry in fs::read_dir(semantics).unwrap() {
        declared(
            &fs::read_to_string(entry.unwrap().path()).unwrap(),
            &mut found,
        );
    }
    let is_declared = |signature: &Signature| {
        let mut words = vec![signature.name, ":"];
        words.extend(signature.arguments);
        words.extend(["->", signature.result]);
        found.contains(&words.join(" "))
    };
    let missing: Vec<String> = missing(is_declared)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

fn files(directory: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push(path);
        }
    }
    found.sort();
}

/// Without Maude on the machine there is nothing to compare with.
#[test]
fn lowered_programs_are_well_sorted_terms_in_maude() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut chapters = Vec::new();
    files(&root.join("../semantics"), "maude", &mut chapters);
    let mut script: String = chapters
        .iter()
        .map(|path| fs::read_to_string(path).unwrap() + "\n")
        .collect();
    let mut programs = Vec::new();
    files(&root.join("tests/cases"), "p", &mut programs);
    files(&root.join("../tests/programs"), "p", &mut programs);
    let mut n_terms = 0;
    for path in programs {
        let mut sources = Sources::new();
        sources.add(&path, fs::read_to_string(&path).unwrap());
        let Ok(program) = compile(&sources) else {
            continue;
        };
        for test in 0..program.tests().len() {
            script.push_str(&format!(
                "parse in P :\n{} .\n",
                program.lower(test).to_maude()
            ));
            n_terms += 1;
        }
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agreement.maude");
    fs::write(&file, script).unwrap();
    let maude = Command::new("maude")
        .args(["-no-banner", "-no-wrap", "-no-advise"])
        .arg(&file)
        .stdin(Stdio::null())
        .output();
    let Ok(output) = maude else { return };
    let (text, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(errors, "");
    assert!(!text.contains("no parse"), "{text}");
    let well_sorted = text
        .lines()
        .filter(|line| line.starts_with("Configuration: "))
        .count();
    assert_eq!(well_sorted, n_terms);
}
