//! What a search found, as plain data: the facts that text and JSON both show.

mod check;
mod coverage;
mod graph;
mod text;
mod why;

pub use check::{
    Bug, CheckReport, Covered, Summary, TestReport, Verdict, bug_chart, bugs_text, summary_text,
    test_line,
};
pub use coverage::{Coverage, EventCoverage, MachineCoverage, ScenarioCoverage, coverage_text};
pub use graph::{GraphInstance, GraphState, GraphStep, StateGraph, dot};
pub(crate) use text::kind_text;
pub use text::{search_text, step_line, violation_text};

pub use why::{Difference, Nearest, Why, why_text};

use serde::Serialize;

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// As many solutions as were asked for, or all there are and at least one.
    Found,
    /// There is no solution in the whole space.
    Exhausted,
    /// A limit was reached first: nothing is decided.
    Limit,
}

/// All that is said of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SearchReport {
    /// How it ended.
    pub outcome: Outcome,
    /// Configurations seen.
    pub states: u64,
    /// Steps between them.
    pub transitions: u64,
    /// The length of the longest shortest path to a configuration seen.
    pub depth: u64,
    /// The limit that was reached: `depth`, `states`, `memory`, `timeout`, `steps` or
    /// `interrupt`.
    pub limit: Option<&'static str>,
    /// What was reached, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The place in the P program, for a loop that never pauses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// How the engine worked, if somebody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<EngineReport>,
    /// The solutions, in the order in which they were found.
    pub solutions: Vec<Solution>,
}

/// How the engine worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngineReport {
    /// `general` or `compiled`: the engine that took the search.
    pub engine: &'static str,
    /// Local steps that were remembered.
    pub remembered: u64,
    /// Local steps that were computed.
    pub computed: u64,
    /// Different parts of configurations.
    pub leaves: u64,
    /// Bytes of all states.
    pub state_bytes: u64,
    /// Bytes of everything.
    pub total_bytes: u64,
    /// The same in words.
    #[serde(skip)]
    pub text: String,
}

impl From<rewriter::search::EngineStatistics> for EngineReport {
    fn from(statistics: rewriter::search::EngineStatistics) -> EngineReport {
        EngineReport {
            engine: if statistics.is_compiled {
                "compiled"
            } else {
                "general"
            },
            remembered: statistics.hits,
            computed: statistics.misses,
            leaves: statistics.leaves,
            state_bytes: statistics.state_bytes,
            total_bytes: statistics.total_bytes,
            text: statistics.to_string(),
        }
    }
}

/// A place in the P program.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Place {
    /// The file, as positions name it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// A limit in words, and the place of a loop that never pauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Its name, as [`SearchReport::limit`] has it.
    pub name: &'static str,
    /// What was reached.
    pub message: String,
    /// The place in the P program, where there is one.
    pub place: Option<Place>,
}

/// One configuration that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Solution {
    /// Its number, in the order of discovery, from 0.
    pub state: u64,
    /// What is wrong in it, if something is.
    pub violation: Option<Violation>,
    /// What the pattern's variables stand for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<Binding>,
    /// The shortest way there.
    pub path: Vec<Step>,
}

/// A variable of the pattern and its value, as the rules print it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Binding {
    /// The variable.
    pub variable: String,
    /// The term.
    pub value: String,
}

/// A violation in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Its kind, as `violation(KIND)` names it.
    pub kind: String,
    /// The reference checker's text.
    pub message: String,
    /// The machine or monitor that it happened to.
    pub machine: String,
    /// File of the statement, empty if there is none.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The label of the rule.
    pub rule: String,
    /// The machine that acted.
    pub machine: String,
    /// The event, if the step has one.
    pub event: Option<String>,
    /// Its payload, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// The other machine: to whom the event goes, or who is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// The file, if the step stands somewhere.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}
