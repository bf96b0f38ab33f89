//! The graph of what was explored: configurations and the steps between them, for Graphviz and for
//! programs.
//!
//! In the drawing a configuration is the states of its machines and monitors and what lies in the
//! inboxes; the first one has a double border, one in which something is wrong is red, and one whose
//! successors are not all known is dashed.

use std::fmt::Write as _;

use serde::Serialize;

use super::Step;

/// The graph.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StateGraph {
    /// The configurations, by number; 0 is the first.
    pub states: Vec<GraphState>,
    /// The steps, by the configuration that they start from.
    pub steps: Vec<GraphStep>,
}

/// A configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GraphState {
    /// Its machines and monitors.
    pub instances: Vec<GraphInstance>,
    /// Whether all its successors are in the graph.
    pub is_complete: bool,
    /// What is wrong in it: the kind of violation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub violation: Option<String>,
}

/// A machine or a monitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GraphInstance {
    /// Its name.
    pub name: String,
    /// Its state; nothing if it has halted.
    pub state: Option<String>,
    /// Events in its inbox.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inbox: Vec<String>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GraphStep {
    /// The configuration in which it is made.
    pub from: u64,
    /// The one to which it leads.
    pub to: u64,
    /// What it does.
    #[serde(flatten)]
    pub step: Step,
}

/// The graph as Graphviz reads it.
#[must_use]
pub fn dot(graph: &StateGraph, title: &str) -> String {
    let mut out = format!(
        "digraph {} {{\n  node [shape=box, fontname=\"monospace\", fontsize=10];\n  \
         edge [fontname=\"monospace\", fontsize=9];\n",
        quoted(title)
    );
    for (number, state) in graph.states.iter().enumerate() {
        let mut label = number.to_string();
        if let Some(violation) = &state.violation {
            let _ = write!(label, " {violation}");
        }
        label.push('\n');
        for instance in &state.instances {
            let _ = write!(
                label,
                "{}: {}",
                instance.name,
                instance.state.as_deref().unwrap_or("halted")
            );
            if !instance.inbox.is_empty() {
                let _ = write!(label, " [{}]", instance.inbox.join(", "));
            }
            label.push('\n');
        }
        let mut look = String::new();
        if number == 0 {
            look.push_str(", peripheries=2");
        }
        if state.violation.is_some() {
            look.push_str(", color=red");
        }
        if !state.is_complete {
            look.push_str(", style=dashed");
        }
        let _ = writeln!(out, "  {number} [label={}{look}];", quoted(&label));
    }
    for GraphStep { from, to, step } in &graph.steps {
        let parts = [
            Some(&step.rule),
            Some(&step.machine),
            step.event.as_ref(),
            step.choice.as_ref(),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        let _ = writeln!(
            out,
            "  {from} -> {to} [label={}];",
            quoted(&parts.join(" "))
        );
    }
    out.push_str("}\n");
    out
}

/// A text as Graphviz reads it, its lines aligned at the left.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\l"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
