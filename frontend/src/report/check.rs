//! What a check of a program found, as plain data and as text: for each test a verdict, its
//! bugs, and what was covered.

use std::fmt::Write as _;

use serde::Serialize;

use super::text::{chart_text, kind_text, violation_text};
use super::{Coverage, Place, StateGraph, Step, Violation};
use crate::source::Sources;

/// What is known of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No bug in the whole space, or in as many schedules as were asked for.
    Ok,
    /// A bug was found.
    Bug,
    /// A limit was reached first: nothing is decided.
    Undecided,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Covered {
    /// Configurations, each once.
    Space {
        /// Configurations seen.
        states: u64,
        /// Steps between them.
        transitions: u64,
        /// The length of the longest shortest path to a configuration seen.
        depth: u64,
    },
    /// Executions, one after the other.
    Schedules {
        /// Executions that came to an end, to a bug or to the most steps.
        schedules: u64,
        /// How many of them went wrong.
        buggy: u64,
        /// The steps of all of them.
        steps: u64,
        /// The steps of the longest.
        longest: u64,
        /// Different configurations among all that were visited.
        states: u64,
        /// Whether there were more, which are not counted.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        or_more: bool,
    },
}

/// Something that goes wrong in a test, and an execution that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bug {
    /// What goes wrong.
    pub violation: Violation,
    /// Which of the executions shows it, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<u64>,
    /// The steps of that execution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    /// Whether no step of the path can be left out; nothing if that was not tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_minimal: Option<bool>,
    /// The steps to it.
    pub path: Vec<Step>,
    /// The steps that repeat for ever after them, if that is what goes wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cycle: Vec<Step>,
    /// For each of these steps, which of the possible ones it is.
    #[serde(skip)]
    pub taken: Vec<usize>,
    /// What each of these steps changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Vec<String>>,
}

impl Bug {
    /// A bug of which only what goes wrong is known.
    #[must_use]
    pub fn of(violation: Violation) -> Bug {
        Bug {
            violation,
            schedule: None,
            length: None,
            is_minimal: None,
            path: Vec::new(),
            cycle: Vec::new(),
            taken: Vec::new(),
            changes: Vec::new(),
        }
    }
}

/// All that is said of one test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestReport {
    /// Its name.
    pub test: String,
    /// What is known of it.
    pub verdict: Verdict,
    /// What was looked at.
    pub covered: Covered,
    /// The limit that was reached: `states`, `memory`, `timeout`, `steps` or `interrupt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<&'static str>,
    /// What was reached, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The place in the P program, for a loop that never pauses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// In the order in which they were found.
    pub bugs: Vec<Bug>,
    /// What was reached, if somebody asked.
    #[serde(skip)]
    pub coverage: Option<Coverage>,
    /// The last execution, if executions were made: which of the possible steps were taken.
    #[serde(skip)]
    pub last: Option<Vec<usize>>,
    /// What was explored, if somebody asked.
    #[serde(skip)]
    pub graph: Option<StateGraph>,
}

/// All that is said of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// How many tests have which verdict.
    pub summary: Summary,
    /// The tests, in the order of the text.
    pub tests: Vec<TestReport>,
    /// What all of them reached, if somebody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
}

/// How many tests have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Tests without a bug.
    pub ok: u64,
    /// Tests with a bug.
    pub bug: u64,
    /// Tests of which nothing is decided.
    pub undecided: u64,
}

impl CheckReport {
    /// The report of these tests.
    #[must_use]
    pub fn new(tests: Vec<TestReport>) -> CheckReport {
        let mut summary = Summary::default();
        for test in &tests {
            match test.verdict {
                Verdict::Ok => summary.ok += 1,
                Verdict::Bug => summary.bug += 1,
                Verdict::Undecided => summary.undecided += 1,
            }
        }
        let mut coverage: Option<Coverage> = None;
        for reached in tests.iter().filter_map(|test| test.coverage.as_ref()) {
            match &mut coverage {
                Some(coverage) => coverage.merge(reached),
                None => coverage = Some(reached.clone()),
            }
        }
        CheckReport {
            summary,
            tests,
            coverage,
        }
    }
}

/// One line about a test; its name takes at least `width` characters.
#[must_use]
pub fn test_line(report: &TestReport, width: usize) -> String {
    let covered = covered_text(&report.covered);
    let said = match report.verdict {
        Verdict::Ok => format!("ok         {covered}"),
        Verdict::Undecided => format!(
            "undecided  {}; {covered}",
            report.message.as_deref().unwrap_or("a limit was reached")
        ),
        Verdict::Bug => match report.bugs.as_slice() {
            [bug] => format!("bug        {}; {covered}", kind_text(&bug.violation)),
            bugs => format!("bug        {} bugs; {covered}", bugs.len()),
        },
    };
    format!("{:<width$}  {said}\n", report.test)
}

fn covered_text(covered: &Covered) -> String {
    match covered {
        Covered::Space {
            states,
            transitions,
            depth,
        } => format!("{states} states, {transitions} transitions, depth {depth}"),
        Covered::Schedules {
            schedules,
            buggy,
            steps,
            longest,
            states,
            or_more,
        } => {
            let executions = if *schedules == 1 {
                "schedule"
            } else {
                "schedules"
            };
            let wrong = match buggy {
                0 => String::new(),
                count => format!(" ({count} with a bug)"),
            };
            let or_more = if *or_more { " or more" } else { "" };
            format!(
                "{schedules} {executions}{wrong}, {steps} steps, the longest {longest}, \
                 {states}{or_more} different states"
            )
        }
    }
}

/// The bugs of a test, each with its path.
#[must_use]
pub fn bugs_text(report: &TestReport, sources: &Sources) -> String {
    let mut out = String::new();
    for bug in &report.bugs {
        let _ = write!(out, "\n{}: ", report.test);
        out.push_str(&violation_text(&bug.violation, sources));
        if let (Some(schedule), Some(length)) = (bug.schedule, bug.length) {
            let _ = write!(out, "in schedule {schedule}, after {length} steps");
            let _ = match bug.is_minimal {
                Some(true) => writeln!(out, "; none of these {} can be left out", bug.path.len()),
                Some(false) => writeln!(out, "; {} of them suffice", bug.path.len()),
                None => writeln!(out),
            };
        }
        chart_text(&mut out, bug);
    }
    out
}

/// The steps of a bug, with lifelines and what they change.
#[must_use]
pub fn bug_chart(bug: &Bug) -> String {
    let mut out = String::new();
    chart_text(&mut out, bug);
    out
}

/// The last line.
#[must_use]
pub fn summary_text(summary: &Summary) -> String {
    let n_tests = summary.ok + summary.bug + summary.undecided;
    let tests = if n_tests == 1 { "test" } else { "tests" };
    let mut out = format!("checked: {n_tests} {tests}");
    for (count, what) in [
        (summary.ok, "ok"),
        (
            summary.bug,
            if summary.bug == 1 {
                "with a bug"
            } else {
                "with bugs"
            },
        ),
        (summary.undecided, "undecided"),
    ] {
        if count > 0 {
            let _ = write!(out, ", {count} {what}");
        }
    }
    out.push('\n');
    out
}
