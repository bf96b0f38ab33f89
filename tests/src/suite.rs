//! P's own regression suite, run where it lies: a folder for each case, named after what
//! is expected of it by the folder around it.
//!
//! Nothing of the suite stands here but the names of the cases that fail, each with a
//! reason, in `tests/known-failures.txt`. Bounds are generous, not exhaustive: a `Correct`
//! case passes if no violation is found within them.
//!
//! The cases of the group `Liveness` are checked, since monitors that stay hot for ever are no
//! violation of one state. Most of them date from the time when every spec watched every
//! program; they get a test that attaches their specs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::psem::{Answer, psem};

/// What the suite says of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expectation {
    /// It runs, and nothing is violated.
    Correct,
    /// Some execution violates something.
    DynamicError,
    /// It is refused.
    StaticError,
}

/// A case of the suite.
#[derive(Clone, Debug)]
pub struct SuiteCase {
    /// `Feature1SMLevelDecls/Correct/PingPong`.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// What is expected.
    pub expectation: Expectation,
    /// The kind of violation that is expected, where that is recorded.
    pub kind: Option<String>,
}

/// How a case went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// As expected.
    pub passed: bool,
    /// What psem said, on one line.
    pub summary: String,
}

/// How far a case is searched.
#[derive(Clone, Debug)]
pub struct SuiteBounds {
    /// `--max-states`.
    pub states: u64,
    /// `--timeout`, in seconds. What must be found is looked for four times as long.
    pub seconds: u64,
    /// `--memory`.
    pub memory: String,
}

/// All cases below a folder, sorted by name.
///
/// # Errors
/// What the file system says.
pub fn suite_cases(root: &Path) -> std::io::Result<Vec<SuiteCase>> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if !path.is_dir() {
                continue;
            }
            let around = folder.file_name().and_then(|name| name.to_str());
            let expectation = match around {
                Some("Correct") => Expectation::Correct,
                Some("DynamicError") => Expectation::DynamicError,
                Some("StaticError") => Expectation::StaticError,
                _ => {
                    open.push(path);
                    continue;
                }
            };
            let name = path.strip_prefix(root).unwrap_or(&path);
            found.push(SuiteCase {
                name: name.to_string_lossy().replace('\\', "/"),
                path,
                expectation,
                kind: None,
            });
        }
    }
    found.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(found)
}

impl SuiteCase {
    /// Runs the case.
    #[must_use]
    pub fn judge(&self, bounds: &SuiteBounds) -> Verdict {
        let is_checked = self.name.starts_with("Liveness/");
        let mut paths = vec![self.path.display().to_string()];
        let added = if is_checked {
            self.attaching_test()
        } else {
            None
        };
        paths.extend(added.iter().map(|path| path.display().to_string()));
        let verdict = self.judge_program(&paths, bounds, is_checked);
        if let Some(path) = added {
            // What stays behind in the system's temporary directory harms nobody.
            let _ = std::fs::remove_file(path);
        }
        verdict
    }

    fn judge_program(&self, paths: &[String], bounds: &SuiteBounds, is_checked: bool) -> Verdict {
        let words = ["compile".to_owned()];
        let words = words.into_iter().chain(paths.iter().cloned());
        let compiled = psem(&words.collect::<Vec<_>>());
        if self.expectation == Expectation::StaticError {
            return refused(&compiled);
        }
        if compiled.code != 0 {
            return Verdict {
                passed: false,
                summary: format!("does not compile: {}", first_line(&compiled.err)),
            };
        }
        let tests = tests_of(&compiled.out);
        let mut summaries = Vec::new();
        let mut found = false;
        let mut failed = tests.is_empty();
        for test in &tests {
            let seconds = match self.expectation {
                Expectation::DynamicError => bounds.seconds * 4,
                _ => bounds.seconds,
            };
            let answer = run(
                paths,
                test,
                &SuiteBounds {
                    seconds,
                    ..bounds.clone()
                },
                is_checked,
            );
            let summary = if is_checked {
                checked(&answer, test)
            } else {
                searched(&answer)
            };
            let kind = self.kind.as_ref().map(|kind| format!("violation({kind})"));
            found |= answer.code == 1 && kind.is_none_or(|kind| summary.starts_with(&kind));
            failed |= answer.code == 2;
            summaries.push(summary);
        }
        summaries.dedup();
        let passed = match self.expectation {
            Expectation::Correct => !failed && !found,
            Expectation::DynamicError => !failed && found,
            Expectation::StaticError => unreachable!("it was judged above"),
        };
        Verdict {
            passed,
            summary: if tests.is_empty() {
                "there is no test in it".to_owned()
            } else {
                summaries.join("; ")
            },
        }
    }
}

impl SuiteCase {
    /// A file with a test that attaches all specs of the case, if it has some and no test.
    fn attaching_test(&self) -> Option<PathBuf> {
        let mut texts = Vec::new();
        for entry in std::fs::read_dir(&self.path).ok()? {
            let path = entry.ok()?.path();
            if path.extension().is_some_and(|ending| ending == "p") {
                texts.push(std::fs::read_to_string(path).ok()?);
            }
        }
        let lines = || texts.iter().flat_map(|text| text.lines());
        let declared = |keyword: &str| {
            let names = lines().filter_map(|line| {
                let rest = line.trim_start().strip_prefix(keyword)?;
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let name: String = rest
                    .trim_start()
                    .chars()
                    .take_while(|c| is_name(*c))
                    .collect();
                (rest.starts_with(char::is_whitespace) && !name.is_empty()).then_some(name)
            });
            names.collect::<Vec<_>>()
        };
        let (machines, specs) = (declared("machine"), declared("spec"));
        if specs.is_empty() || !declared("test").is_empty() {
            return None;
        }
        let text = format!(
            "test AllSpecs [main = Main]: assert {} in {{ {} }};\n",
            specs.join(", "),
            machines.join(", ")
        );
        let name = self.name.replace('/', "-");
        let path = std::env::temp_dir().join(format!("psem-{}-{name}.p", std::process::id()));
        std::fs::write(&path, text).ok()?;
        Some(path)
    }
}

/// A refusal must say what is wrong, and not that psem cannot do it.
fn refused(answer: &Answer) -> Verdict {
    let diagnostics: Vec<&str> = answer
        .err
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    let first = diagnostics.first().copied().unwrap_or("accepted");
    let is_coded = diagnostics.iter().all(|line| line.starts_with("error[P"));
    let is_excuse = diagnostics
        .iter()
        .all(|line| line.contains("not supported"));
    Verdict {
        passed: answer.code == 2 && is_coded && !is_excuse,
        summary: first.to_owned(),
    }
}

/// The names behind `tests: ` in what `psem compile` says.
fn tests_of(out: &str) -> Vec<String> {
    let names = out.lines().find_map(|line| line.split_once("tests: "));
    names.map_or_else(Vec::new, |(_, names)| {
        names
            .split(", ")
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect()
    })
}

/// Searches a test for violations, or checks it.
fn run(paths: &[String], test: &str, bounds: &SuiteBounds, is_checked: bool) -> Answer {
    let mut words = vec![if is_checked { "check" } else { "search" }.to_owned()];
    words.extend(paths.iter().cloned());
    if !is_checked {
        words.push("=>* violation".to_owned());
    }
    let options = [
        "-t",
        test,
        "--max-states",
        &bounds.states.to_string(),
        "--timeout",
        &format!("{}s", bounds.seconds),
        "--memory",
        &bounds.memory,
    ];
    words.extend(options.map(str::to_owned));
    psem(&words)
}

/// What `psem check` says of a test: `violation(KIND)` for a bug.
fn checked(answer: &Answer, test: &str) -> String {
    let mut lines = answer.out.lines();
    let line = lines.find(|line| line.split_whitespace().next() == Some(test));
    let Some(line) = line else {
        return first_line(&answer.err).to_owned();
    };
    let said = line[test.len()..].trim_start();
    match said.strip_prefix("bug") {
        Some(bug) => {
            let kind = bug.split_whitespace().next().unwrap_or_default();
            format!(
                "violation({kind}){}",
                bug.trim_start().trim_start_matches(kind)
            )
        }
        None => said.to_owned(),
    }
}

/// The kind of the violation, or how the search ended, and how much was seen.
fn searched(answer: &Answer) -> String {
    let find = |begin: &str| answer.out.lines().find(|line| line.starts_with(begin));
    let result = find("violation(")
        .map(|line| line.split_once(" in ").map_or(line, |(kind, _)| kind))
        .or_else(|| find("exhausted").map(|_| "exhausted"))
        .or_else(|| find("limit"))
        .unwrap_or_else(|| first_line(&answer.err));
    let states = find("searched: ")
        .and_then(|line| line.strip_prefix("searched: "))
        .and_then(|line| line.split_once(','))
        .map_or("no states", |(states, _)| states);
    format!("{result}, {states}")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}

/// What is recorded of cases: lines `name: text`; lines that begin with `#` explain.
#[must_use]
pub fn recorded(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .map(|(name, reason)| (name.trim().to_owned(), reason.trim().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{recorded, tests_of};

    #[test]
    fn tests_are_listed_behind_their_word() {
        assert_eq!(tests_of("ok: 3 files, tests: a, b\n"), ["a", "b"]);
        assert!(tests_of("nothing").is_empty());
    }

    #[test]
    fn records_have_names() {
        let known = recorded("# why\nA/Correct/x: it is slow\n\n");
        assert_eq!(known["A/Correct/x"], "it is slow");
        assert_eq!(known.len(), 1);
    }
}
