//! The graph of what was explored, read back from a search.

use std::collections::HashMap;

use rewriter::reduction::Interrupted;
use rewriter::search::{ActionId, Search, StateId};
use rewriter::term::TermId;

use super::Interpreter;
use crate::report::{GraphInstance, GraphState, GraphStep, StateGraph, Step};

impl Interpreter {
    /// The configurations of a search and the steps between them.
    pub(super) fn graph(
        &mut self,
        search: &mut Search,
        found: &[StateId],
    ) -> Result<StateGraph, Interrupted> {
        let mut graph = StateGraph::default();
        let mut instances: HashMap<TermId, Option<GraphInstance>> = HashMap::new();
        let mut steps: HashMap<ActionId, Step> = HashMap::new();
        let (mut elements, mut edges) = (Vec::new(), Vec::new());
        for number in 0..search.n_states() {
            let state = StateId(number as u32);
            elements.clear();
            edges.clear();
            search.elements(&self.reducer, state, &mut elements);
            let mut here = Vec::new();
            for &element in &elements {
                let instance = instances
                    .entry(element)
                    .or_insert_with(|| self.reader.instance(&mut self.reducer, element));
                here.extend(instance.clone());
            }
            // Machines by number, monitors last.
            here.sort_by_key(|instance| {
                let number = instance.name.split_once('(');
                let number = number.and_then(|(_, rest)| rest.trim_end_matches(')').parse().ok());
                (number.unwrap_or(u64::MAX), instance.name.clone())
            });
            let is_complete = number < search.n_expanded();
            if is_complete {
                search.edges(&mut self.reducer, state, &mut edges)?;
            }
            let violation = if edges.is_empty() {
                let term = search.term(&mut self.reducer, state);
                self.reader.violation(&mut self.reducer, term)
            } else {
                None
            };
            graph.states.push(GraphState {
                instances: here,
                is_complete: is_complete || violation.is_some(),
                violation: violation.map(|violation| violation.kind),
            });
            for edge in &edges {
                let step = match steps.get(&edge.action) {
                    Some(step) => step.clone(),
                    None => {
                        let action = search.action(&mut self.reducer, edge.action)?;
                        let rule = self.reducer.module().statement(action.rule).clone();
                        let step = self.reader.step(&mut self.reducer, &rule, &action.values);
                        steps.insert(edge.action, step.clone());
                        step
                    }
                };
                graph.steps.push(GraphStep {
                    from: number as u64,
                    to: u64::from(edge.target.0),
                    step,
                });
            }
        }
        // A search that stops at what it has found has not followed all steps of the state before.
        for last in found.iter().filter_map(|state| search.path(*state).pop()) {
            if last.from.index() >= search.n_expanded() {
                let values = search.substitution(&mut self.reducer, &last)?;
                let rule = self.reducer.module().statement(last.rule).clone();
                graph.steps.push(GraphStep {
                    from: u64::from(last.from.0),
                    to: u64::from(last.state.0),
                    step: self.reader.step(&mut self.reducer, &rule, &values),
                });
            }
        }
        Ok(graph)
    }
}
