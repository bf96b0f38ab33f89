//! No text makes the frontend panic, hang or overflow its stack.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use frontend::diagnostic::{Code, Diagnostic, render};
use frontend::program::{Program, compile};
use frontend::source::Sources;

fn check(text: &str) -> Result<Program, Vec<Diagnostic>> {
    let mut sources = Sources::new();
    sources.add("main.p", text);
    let result = compile(&sources);
    match &result {
        Ok(program) => {
            for test in 0..program.tests().len().min(3) {
                assert!(!program.lower(test).to_maude().is_empty());
            }
        }
        Err(diagnostics) => {
            assert!(diagnostics.iter().any(Diagnostic::is_error));
            assert!(render(diagnostics, &sources, true).lines().count() < 200);
        }
    }
    result
}

fn codes(text: &str) -> Vec<Code> {
    check(text)
        .err()
        .unwrap_or_default()
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect()
}

fn main_with(statements: &str) -> String {
    format!("machine Main {{ var x: int; start state S {{ entry {{ {statements} }} }} }}")
}

#[test]
fn what_nests_too_deeply_gets_a_diagnostic() {
    let deep = 100_000;
    let nested = |open: &str, core: &str, close: &str| {
        format!("{}{core}{}", open.repeat(deep), close.repeat(deep))
    };
    let programs = [
        main_with(&format!("x = {};", nested("(", "1", ")"))),
        main_with(&format!("x = {};", nested("f(", "1", ")"))),
        main_with(&format!("x = {};", nested("s[", "1", "]"))),
        main_with(&nested("{", ";", "}")),
        main_with(&nested("if (true) ", ";", "")),
        main_with(&nested("if (true) ; else while (true) ", ";", "")),
        main_with(&nested("while (true) ", ";", "")),
        main_with(&nested("receive { case E: {", "", "} }")),
        format!("type T = {};", nested("seq[", "int", "]")),
        format!("type T = {};", nested("(", "int", ")")),
        format!("module m = {};", nested("(", "{ Main }", ")")),
        format!("{{ {}", "(".repeat(deep)),
    ];
    for program in programs {
        assert_eq!(
            codes(&program),
            [Code::NestedTooDeeply],
            "{}",
            &program[..100]
        );
    }
}

#[test]
fn what_is_only_long_is_accepted() {
    let long = 20_000;
    let chain = |item: &str, separator: &str| vec![item; long].join(separator);
    let programs = [
        main_with(&format!("x = {};", chain("1", " + "))),
        main_with(&format!("x = {}1;", "-".repeat(long).replace("--", "- -"))),
        main_with(&format!("assert {}true;", "!".repeat(long))),
        main_with(&format!("if (true) ; {}", "else if (true) ; ".repeat(long))),
        main_with(&"x = 1; ".repeat(long)),
        main_with(&format!("x = 1 {};", "as int ".repeat(long))),
        format!("type T0 = int; {}", main_with(";"))
            + &(1..1_500)
                .map(|n| format!("type T{n} = seq[T{}]; ", n - 1))
                .collect::<String>(),
        format!("type T{long} = int; {}", main_with(";"))
            + &(0..long)
                .map(|n| format!("type T{n} = T{}; ", n + 1))
                .collect::<String>(),
        format!("module m{long} = {{ Main }}; {}", main_with(";"))
            + &(0..long)
                .map(|n| format!("module m{n} = m{}; ", n + 1))
                .collect::<String>(),
        (0..3_000)
            .map(|n| format!("event e{n}; machine M{n} {{ start state S {{ }} }} "))
            .collect(),
        format!("{}{}", "/* */ // x\n".repeat(long), main_with(";")),
    ];
    for program in programs {
        assert_eq!(codes(&program), [], "{}", &program[..100]);
    }
}

#[test]
fn unions_without_brackets_may_be_many() {
    let many = 5_000;
    let unions = "union ".repeat(many) + &vec!["{ Main }"; many + 1].join(", ");
    let program = format!("module m = {unions}; {}", main_with(";"));
    assert_eq!(codes(&program), [Code::InvalidComposition]);
    let program = format!("module m = {}, {{ Main }}; {}", &unions, main_with(";"));
    assert_eq!(codes(&program), [Code::InvalidComposition]);
    let program = format!("module m = union {}; {}", &unions, main_with(";"));
    assert_eq!(codes(&program), [Code::SyntaxError]);
}

#[test]
fn a_long_circle_of_types_is_found() {
    let long = 20_000;
    let types: String = (0..long)
        .map(|n| format!("type T{n} = seq[T{}]; ", (n + 1) % long))
        .collect();
    assert_eq!(codes(&types), [Code::CircularType]);
}

/// A random number generator that is the same everywhere (Marsaglia, xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

fn programs(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            programs(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "p") {
            found.push(path);
        }
    }
}

/// Pieces of a text: words, numbers, and every other character for itself.
fn pieces(text: &str) -> Vec<&str> {
    let mut result = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (piece, tail) = rest.split_at(length);
        result.push(piece);
        rest = tail;
    }
    result
}

const INSERTED: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ";",
    ",",
    ".",
    ":",
    "=",
    "\"",
    "'",
    "\\",
    "//",
    "/*",
    "*/",
    "$",
    "é",
    "\u{FEFF}",
    "\0",
    "null",
    "halt",
    "this",
    "machine",
    "event",
    "state",
    "start",
    "spec",
    "goto",
    "receive",
    "case",
    "new",
    "type",
    "enum",
    "module",
    "test",
    "0",
    "99999999999",
    "1.5",
    "x",
    "S",
    "Main",
    "int",
    "seq[int]",
    "(int,)",
    "(1,)",
    "as",
    "to",
    "in",
    "==>",
    "&&",
    "!",
    "-",
    "forall (x: int) ::",
    "invariant i: true;",
    "pure",
    "is",
    "sent",
    "inflight",
    "targets",
    "exists",
    "Lemma L { invariant l: forall (m: Main, e: event) :: e targets m; }",
    "Proof { prove i using L; }",
    "param",
    "assume",
    "union",
    "assert",
    "{0}",
    "{",
];

/// Changes a program at a few places: pieces vanish, double, swap, move, or come from
/// elsewhere.
fn mutate(text: &str, random: &mut Random) -> String {
    let mut pieces: Vec<&str> = pieces(text);
    for _ in 0..=random.below(4) {
        let at = random.below(pieces.len());
        let other = random.below(pieces.len());
        match random.below(6) {
            0 if !pieces.is_empty() => drop(pieces.remove(at)),
            1 if !pieces.is_empty() => pieces.insert(at, pieces[other]),
            2 if !pieces.is_empty() => pieces.swap(at, other),
            3 => pieces.truncate(at),
            4 if !pieces.is_empty() => pieces[at] = INSERTED[random.below(INSERTED.len())],
            _ => pieces.insert(at, INSERTED[random.below(INSERTED.len())]),
        }
    }
    pieces.concat()
}

#[test]
fn changed_programs_do_not_break_the_frontend() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    programs(&root.join("tests/cases"), &mut paths);
    programs(&root.join("../tests/programs"), &mut paths);
    paths.sort();
    let texts: Vec<String> = paths
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let rounds = std::env::var("MUTATIONS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(10_000);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut n_correct = 0;
    for _ in 0..rounds {
        let text = mutate(&texts[random.below(texts.len())], &mut random);
        let start = Instant::now();
        n_correct += usize::from(check(&text).is_ok());
        assert!(start.elapsed() < Duration::from_secs(10), "slow:\n{text}");
    }
    // The changes are small enough that some programs remain correct: lowering is tested too.
    assert!(n_correct > rounds / 50, "{n_correct} of {rounds}");
}
