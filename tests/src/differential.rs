//! Random modules and commands, which psem and real Maude must answer alike.
//!
//! The one idea: a case is data, so it can be made from a number, printed, and cut down to what
//! still disagrees. psem runs in this process; Maude gets hundreds of cases at a time, with a
//! term that it parses between them, so that answers can be told apart. What Maude warns of is
//! no case.

mod case;
mod generate;
mod random;
mod shrink;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rewriter::reduction::Limits;
use rewriter::source::Source;
use rewriter::syntax::script::Session;

use crate::maude;

pub use case::{Command, RandomCase};
pub use generate::{generate, generate_wide};
pub use shrink::shrink;

/// How psem and Maude answered a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Alike.
    Agree,
    /// Maude warned: the case is not one.
    Refused,
    /// Not at all: it would take too long.
    TooLarge,
    /// Differently.
    Disagree(Disagreement),
}

/// A difference between answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// In a few words.
    pub class: &'static str,
    /// The script.
    pub script: String,
    /// What psem says.
    pub ours: String,
    /// What Maude says.
    pub theirs: String,
}

/// What both are told first.
const SETTINGS: &str = "set show timing off .\nset show advisories off .\n";

/// The time for a command; a few milliseconds are usual.
const LONGEST: Duration = Duration::from_millis(500);

/// The number that stands before the answers to a case, for the first case.
const FIRST_MARK: usize = 7_000_000;

/// Compares psem with Maude on some cases, each a script or data.
///
/// # Errors
/// If Maude cannot be run.
pub fn judge(maude: &str, cases: &[RandomCase]) -> Result<Vec<Verdict>, String> {
    let mut engine = Engine::default();
    let mut scripts = Vec::new();
    let mut ours = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let (script, answer) = engine.run(case, number);
        scripts.push(script);
        ours.push(answer);
    }
    let asked: Vec<String> = (scripts.iter().zip(&ours))
        .map(|(script, ours)| {
            if is_too_large(ours) {
                String::new()
            } else {
                script.clone()
            }
        })
        .collect();
    let theirs = ask_maude(maude, &asked)?;
    let verdicts = scripts.into_iter().zip(ours).zip(theirs);
    let verdicts = verdicts.map(|((script, ours), theirs)| match theirs {
        _ if is_too_large(&ours) => Verdict::TooLarge,
        None => Verdict::Refused,
        Some(theirs) if without_echoes(&theirs) == without_echoes(&ours) => Verdict::Agree,
        // Of several rules that make a step Maude names any: they are a set of addresses.
        Some(theirs) if without_rules(&theirs) == without_rules(&ours) => Verdict::Agree,
        Some(theirs) => Verdict::Disagree(Disagreement {
            class: class(&ours, &theirs),
            script,
            ours,
            theirs,
        }),
    });
    Ok(verdicts.collect())
}

/// The script of a case and what psem answers, without the commands it repeats.
#[must_use]
pub fn ask_psem(case: &RandomCase) -> (String, String) {
    let (script, answer) = Engine::default().run(case, 0);
    (script, without_echoes(&answer).join("\n"))
}

/// What Maude answers to each script, without the commands it repeats; nothing if it warns.
///
/// # Errors
/// If Maude cannot be run.
pub fn answers(maude: &str, scripts: &[String]) -> Result<Vec<Option<String>>, String> {
    let answers = ask_maude(maude, scripts)?.into_iter();
    let cut = |answer: String| without_echoes(&answer).join("\n");
    Ok(answers.map(|answer| answer.map(cut)).collect())
}

/// Whether psem reached a limit.
fn is_too_large(answer: &str) -> bool {
    answer.contains("error[interrupted]")
}

/// psem with the modules it has read.
#[derive(Default)]
struct Engine {
    session: Option<Session>,
}

impl Engine {
    /// Runs a case and gives its script and the answer. A search is followed by the path to the
    /// last of the states that psem found.
    fn run(&mut self, case: &RandomCase, number: usize) -> (String, String) {
        let name = format!("C{number}");
        let mut script = case.module(&name);
        let mut answer = self.answer(&script);
        for command in &case.commands {
            let line = case.command(command, &name) + "\n";
            let said = self.answer(&line);
            let n_states = maude::counts(&said).map(|counts| counts.states);
            script.push_str(&line);
            answer.push_str(&said);
            if let Some(last) = n_states.and_then(|n_states| n_states.checked_sub(1)) {
                for line in [
                    format!("show path {last} .\n"),
                    format!("show path labels {last} .\n"),
                ] {
                    answer.push_str(&self.answer(&line));
                    script.push_str(&line);
                }
            }
        }
        (script, answer)
    }

    fn answer(&mut self, text: &str) -> String {
        let session = self.session.get_or_insert_with(|| {
            let mut session = Session::new();
            run(&mut session, SETTINGS);
            session
        });
        session.set_limits(Limits {
            rewrites: 1_000_000,
            memory: Some(1 << 30),
            deadline: Some(Instant::now() + LONGEST),
            ..Limits::default()
        });
        let answer = catch_unwind(AssertUnwindSafe(|| run(session, text)));
        answer.unwrap_or_else(|_| {
            self.session = None;
            "psem panicked\n".to_owned()
        })
    }
}

/// What a session answers, with everything that is wrong.
fn run(session: &mut Session, text: &str) -> String {
    let mut output = Vec::new();
    let mut none = |file: &str, _: &str| Err(std::io::Error::other(file.to_owned()));
    let done = session.run(Source::new("case", text.to_owned()), &mut none, &mut output);
    let mut answer = String::from_utf8_lossy(&output).into_owned();
    if let Err(error) = done {
        answer.push_str(&error.to_string());
    }
    let library = &mut session.library;
    for diagnostic in std::mem::take(&mut library.diagnostics) {
        if diagnostic.is_error() {
            answer.push_str(&diagnostic.plain(&library.sources));
            answer.push('\n');
        }
    }
    answer
}

/// What Maude answers to each script; nothing if it warns. Where Maude fails, halves are asked.
fn ask_maude(maude: &str, scripts: &[String]) -> Result<Vec<Option<String>>, String> {
    if let Some(answers) = ask_at_once(maude, scripts)? {
        return Ok(answers);
    }
    match scripts.len() {
        0 | 1 => Ok(vec![None; scripts.len()]),
        n_scripts => {
            let (first, second) = scripts.split_at(n_scripts / 2);
            let mut answers = ask_maude(maude, first)?;
            answers.extend(ask_maude(maude, second)?);
            Ok(answers)
        }
    }
}

/// The same; nothing at all if Maude does not come to the end.
fn ask_at_once(maude: &str, scripts: &[String]) -> Result<Option<Vec<Option<String>>>, String> {
    let mut text = SETTINGS.to_owned();
    let mut first_lines = Vec::new();
    for (number, script) in scripts.iter().enumerate() {
        first_lines.push(text.lines().count() + 1);
        text.push_str(&format!(
            "parse in NAT : {} .\n{script}",
            FIRST_MARK + number
        ));
    }
    let (output, warnings) = maude::run_warned(maude, &text)?;
    let mut warned = BTreeSet::new();
    for line in warned_lines(&warnings) {
        warned.insert(first_lines.partition_point(|&first| first <= line) - 1);
    }
    let mut answers: Vec<String> = Vec::new();
    for line in output.lines() {
        if line == format!("NzNat: {}", FIRST_MARK + answers.len()) {
            answers.push(String::new());
        } else if let Some(answer) = answers.last_mut()
            && line != "Bye."
        {
            answer.push_str(line);
            answer.push('\n');
        }
    }
    if answers.len() != scripts.len() || !output.ends_with("Bye.\n") {
        return Ok(None);
    }
    let numbered = answers.into_iter().enumerate();
    let numbered = numbered.map(|(number, answer)| (!warned.contains(&number)).then_some(answer));
    Ok(Some(numbered.collect()))
}

/// The numbers of the lines that warnings speak of.
fn warned_lines(warnings: &str) -> impl Iterator<Item = usize> + '_ {
    warnings
        .lines()
        .filter(|line| line.starts_with("Warning: "))
        .filter_map(|line| {
            let (_, rest) = line.split_once(", line ")?;
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse().ok()
        })
}

/// In which way answers differ.
fn class(ours: &str, theirs: &str) -> &'static str {
    if ours.contains("psem panicked") {
        return "panic";
    }
    if ours.contains("error[") {
        return "refused";
    }
    let different = blocks(ours)
        .into_iter()
        .zip(blocks(theirs))
        .find(|(ours, theirs)| without_echoes(ours) != without_echoes(theirs));
    let Some((ours, theirs)) = different else {
        return "number of answers";
    };
    let without_counts = |block: &str| -> Vec<String> {
        let is_count = |line: &&str| line.starts_with("rewrites: ") || line.starts_with("states: ");
        block
            .lines()
            .filter(|line| !is_count(line))
            .map(str::to_owned)
            .collect()
    };
    if without_counts(&ours) == without_counts(&theirs) {
        return "counts";
    }
    let command = ours.lines().nth(1).unwrap_or_default().to_owned();
    if command.starts_with("reduce") {
        return "normal form";
    }
    if command.starts_with("rewrite") || command.starts_with("frewrite") {
        return "rewriting";
    }
    let is_search = command.starts_with("search");
    if is_search && counted(&ours) != counted(&theirs) {
        return "number of states or solutions";
    }
    if solutions(&ours) == solutions(&theirs) {
        return if is_search {
            "order of states"
        } else {
            "order of matchers"
        };
    }
    if is_search {
        "solutions or paths"
    } else {
        "matchers"
    }
}

/// An answer without the commands it repeats: how they are printed is for other tests.
fn without_echoes(answer: &str) -> Vec<&str> {
    let mut lines = answer.lines();
    let mut kept = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("==") {
            lines.next();
        } else {
            kept.push(line);
        }
    }
    kept
}

/// An answer without the rules that paths name.
fn without_rules(answer: &str) -> Vec<&str> {
    let is_label = |line: &str| {
        let mut characters = line.chars();
        characters.next() == Some('r') && characters.all(|c| c.is_ascii_digit())
    };
    let lines = without_echoes(answer).into_iter();
    lines
        .filter(|line| !line.starts_with("===[") && !is_label(line))
        .collect()
}

/// The answers to the commands.
fn blocks(answer: &str) -> Vec<String> {
    let cut = answer.split("==========================================\n");
    cut.skip(1).map(|block| format!("==\n{block}")).collect()
}

fn counted(block: &str) -> Option<maude::Counts> {
    maude::counts(block)
}

/// The substitutions, without their numbers, sorted.
fn solutions(block: &str) -> Vec<String> {
    let mut solutions: Vec<String> = block
        .split("\n\n")
        .map(|part| {
            part.lines()
                .filter(|line| line.contains(" --> "))
                .collect::<Vec<_>>()
                .join("\n")
        })
        .collect();
    solutions.sort();
    solutions
}
