//! `.schedule` files: the decisions of P's checker, one a line.
//!
//! Lines that begin with `--` are a header, lines that begin with `//` and empty ones say nothing.
//! `(3)` picks the machine with that number, `True` and `False` are boolean choices, and any other
//! number is the place of what was chosen among the options.
//!
//! Source: reference checker, ScheduleTrace.cs; p-language 9.4.

use crate::trace::happening::{Choice, Decision};

/// A decision and the line where it stands, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The line.
    pub line: usize,
    /// What is decided.
    pub decision: Decision,
}

/// A schedule as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The test, if the header names it.
    pub test: Option<String>,
    /// The decisions, in order.
    pub decisions: Vec<Decided>,
}

/// A line that is no decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected `(NUMBER)`, `True`, `False` or a number, found `{text}`")]
pub struct ScheduleError {
    /// The line, from 1.
    pub line: usize,
    /// The beginning of what stands there.
    pub text: String,
}

impl Schedule {
    /// Reads a schedule.
    ///
    /// # Errors
    /// The first line that is no decision.
    ///
    /// ```
    /// use frontend::replay::Schedule;
    /// use frontend::trace::happening::{Choice, Decision};
    ///
    /// let schedule = Schedule::read("--test-method:PImplementation.t.Execute\n(0)\nTrue\n7\n");
    /// let schedule = schedule.expect("a schedule");
    /// assert_eq!(schedule.test.as_deref(), Some("t"));
    /// assert_eq!(schedule.decisions[2].decision, Decision::Chose(Choice::Number(7)));
    /// ```
    pub fn read(text: &str) -> Result<Schedule, ScheduleError> {
        let mut schedule = Schedule::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_start_matches('\u{feff}').trim();
            if let Some(name) = line.strip_prefix("--test-method:") {
                schedule.test = test_name(name);
            }
            if line.is_empty() || line.starts_with("--") || line.starts_with("//") {
                continue;
            }
            let Some(decision) = decision(line) else {
                return Err(ScheduleError {
                    line: index + 1,
                    text: line.chars().take(40).collect(),
                });
            };
            schedule.decisions.push(Decided {
                line: index + 1,
                decision,
            });
        }
        Ok(schedule)
    }
}

fn decision(line: &str) -> Option<Decision> {
    let picked = line
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    match (picked, line) {
        (Some(number), _) => Some(Decision::Picked(number.parse().ok()?)),
        (None, "True") => Some(Decision::Chose(Choice::Bool(true))),
        (None, "False") => Some(Decision::Chose(Choice::Bool(false))),
        (None, number) => Some(Decision::Chose(Choice::Number(number.parse().ok()?))),
    }
}

/// The test that a method is for: `t` or, before P 2.1, `PImplementation.t.Execute`.
fn test_name(method: &str) -> Option<String> {
    let name = method.trim().strip_prefix("PImplementation.");
    let name = name.unwrap_or(method.trim());
    let name = name.strip_suffix(".Execute").unwrap_or(name);
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_decision_is_told_with_its_line() {
        let error = Schedule::read("--fair-scheduling\n(0)\n// a comment\n\n(x)\n").unwrap_err();
        assert_eq!((error.line, error.text.as_str()), (5, "(x)"));
        assert!(Schedule::read("-1").is_err());
    }

    #[test]
    fn lines_end_as_they_do_elsewhere() {
        let schedule = Schedule::read("--test-method:avoid\r\n(0)\r\nFalse\r\n");
        let schedule = schedule.expect("a schedule");
        assert_eq!(schedule.test.as_deref(), Some("avoid"));
        let decisions: Vec<String> = (schedule.decisions.iter())
            .map(|decided| decided.decision.to_string())
            .collect();
        assert_eq!(decisions, ["(0)", "False"]);
    }
}
