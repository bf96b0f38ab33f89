//! A path as a sequence chart: a lifeline for each machine, an arrow for each message.
//!
//! The one idea: what is drawn is the same for all forms, so it is worked out once, from the steps
//! alone: who acts, to whom, what is said of it. [`text`] draws it between the columns of a path,
//! [`mermaid`] and [`svg`] for documents.

mod mermaid;
mod svg;
mod text;

pub use mermaid::mermaid;
pub use svg::svg;
pub(crate) use text::margin;

use crate::report::{Bug, Step};

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// What is wrong at the end.
    pub ending: String,
    /// The machines, in the order in which they act or are created.
    pub lifelines: Vec<String>,
    /// The steps.
    pub rows: Vec<Row>,
    /// The row from which on everything repeats for ever.
    pub cycle: Option<usize>,
}

/// A step of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Who acts.
    pub actor: usize,
    /// To whom, if it is not the actor alone.
    pub target: Option<usize>,
    /// Whether the target is created in this step.
    pub creates: bool,
    /// The rule.
    pub rule: String,
    /// The event with its payload, or the choice.
    pub what: String,
    /// File and line.
    pub place: String,
    /// What is different afterwards.
    pub changes: Vec<String>,
}

impl Chart {
    /// The chart of a bug.
    #[must_use]
    pub fn new(test: &str, bug: &Bug) -> Chart {
        let mut chart = Chart {
            title: test.to_owned(),
            ending: format!(
                "violation({}): {}",
                bug.violation.kind, bug.violation.message
            ),
            lifelines: Vec::new(),
            rows: Vec::new(),
            cycle: (!bug.cycle.is_empty()).then_some(bug.path.len()),
        };
        for (index, step) in bug.path.iter().chain(&bug.cycle).enumerate() {
            let changes = bug.changes.get(index).cloned().unwrap_or_default();
            let row = chart.row(step, changes);
            chart.rows.push(row);
        }
        chart
    }

    fn row(&mut self, step: &Step, changes: Vec<String>) -> Row {
        let actor = self.lifeline(&step.machine);
        let n_before = self.lifelines.len();
        let target = step.target.as_ref().map(|target| self.lifeline(target));
        let payload = step.payload.as_ref().map(|payload| format!("({payload})"));
        let parts = [step.event.clone(), payload, step.choice.clone()];
        let what: Vec<String> = parts.into_iter().flatten().collect();
        Row {
            actor,
            target: target.filter(|target| *target != actor),
            creates: self.lifelines.len() > n_before,
            rule: step.rule.clone(),
            what: what.join(" "),
            place: match (&step.file, step.line) {
                (Some(file), Some(line)) => format!("{file}:{line}"),
                _ => String::new(),
            },
            changes,
        }
    }

    fn lifeline(&mut self, machine: &str) -> usize {
        match self.lifelines.iter().position(|other| other == machine) {
            Some(lifeline) => lifeline,
            None => {
                self.lifelines.push(machine.to_owned());
                self.lifelines.len() - 1
            }
        }
    }
}
