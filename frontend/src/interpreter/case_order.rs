//! In which order the cases of a `receive` stand in the text.
//!
//! To the rules the cases are a set; the checker's log lists the events in the order of the text.

use std::collections::HashMap;
use std::sync::Arc;

use crate::lower::{Node, NodeId, Tree};
use crate::report::Place;
use crate::vocabulary::Operator;

/// The events of each `receive` with several cases, by its place.
#[derive(Clone, Debug, Default)]
pub(super) struct CaseOrder(HashMap<Place, Vec<Arc<str>>>);

impl CaseOrder {
    /// Reads it from a program.
    pub(super) fn of(program: &Tree) -> CaseOrder {
        let mut order = HashMap::new();
        for node in program.nodes() {
            if let Node::Apply(Operator::Receive, arguments) = node
                && let [cases, position] = arguments[..]
                && let Node::Apply(Operator::Cases, cases) = at(program, cases)
                && let Some(place) = place(program, position)
            {
                let events = cases.iter().filter_map(|case| event(program, *case));
                order.insert(place, events.collect());
            }
        }
        CaseOrder(order)
    }

    /// Which of the cases an event has, from 0; those that are not known come last.
    pub(super) fn number(&self, place: Option<&Place>, event: &str) -> usize {
        let events = place.and_then(|place| self.0.get(place));
        let number = events.and_then(|events| events.iter().position(|other| **other == *event));
        number.unwrap_or(usize::MAX)
    }
}

fn at(program: &Tree, id: NodeId) -> &Node {
    &program.nodes()[id.index()]
}

fn event(program: &Tree, case: NodeId) -> Option<Arc<str>> {
    let Node::Apply(Operator::Case, arguments) = at(program, case) else {
        return None;
    };
    match at(program, *arguments.first()?) {
        Node::Quoted(name) => Some(Arc::clone(name)),
        _ => None,
    }
}

fn place(program: &Tree, position: NodeId) -> Option<Place> {
    let Node::Apply(Operator::Position, arguments) = at(program, position) else {
        return None;
    };
    let [file, line, column] = arguments[..] else {
        return None;
    };
    let number = |id: NodeId| match at(program, id) {
        Node::Int(number) => u32::try_from(*number).ok(),
        _ => None,
    };
    match at(program, file) {
        Node::String(file) => Some(Place {
            file: file.to_string(),
            line: number(line)?,
            column: number(column)?,
        }),
        _ => None,
    }
}
