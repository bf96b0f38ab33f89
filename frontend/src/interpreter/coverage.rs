//! What the steps of a test reach, counted.
//!
//! The one idea: engines record what their steps reach (see [`recorder`]), and one place counts it: the
//! counts are sums, so it does not matter who made which step.

mod recorder;

use std::collections::{BTreeMap, BTreeSet};

use rewriter::reduction::{Interrupted, Reducer};
use rewriter::search::{ActionId, Search, StateId};

use super::Interpreter;
use crate::report::{Coverage, ScenarioCoverage};
pub(super) use recorder::{NotedStep, Recorded, Recorder};

/// What there is to reach.
#[derive(Clone, Debug)]
pub struct Goals {
    /// A coverage in which nothing was reached.
    pub coverage: Coverage,
    /// Scenarios that are not covered.
    pub scenarios: BTreeMap<String, ScenarioCoverage>,
}

/// Coverage under way.
#[derive(Clone, Debug)]
pub(super) struct Gathering {
    coverage: Coverage,
    scenarios: BTreeMap<String, ScenarioCoverage>,
    /// States of scenarios that were visited, in this execution or in all.
    visited: BTreeSet<(String, String)>,
    satisfied: BTreeSet<String>,
}

impl Gathering {
    /// Begins with a program of which nothing was reached.
    pub(super) fn new(interpreter: &Interpreter, goals: &Goals) -> Gathering {
        let module = interpreter.reducer.module();
        let Goals {
            mut coverage,
            scenarios,
        } = goals.clone();
        for statement in module.statements() {
            if let (rewriter::statement::Body::Rule { .. }, Some(label)) =
                (&statement.body, statement.label)
            {
                coverage.rules.entry(label.to_string()).or_insert(0);
            }
        }
        Gathering {
            coverage,
            scenarios,
            visited: BTreeSet::new(),
            satisfied: BTreeSet::new(),
        }
    }

    /// Counts what was recorded of an execution, or of a part of one.
    pub(super) fn add(&mut self, recorded: &Recorded) {
        for (reached, count) in recorded {
            self.add_one(reached, *count);
        }
    }

    /// What was reached, the scenarios under the name of the test.
    pub(super) fn finish(mut self, test: &str) -> Coverage {
        if !self.scenarios.is_empty() {
            self.coverage
                .scenarios
                .insert(test.to_owned(), self.scenarios);
        }
        self.coverage
    }

    fn add_one(&mut self, reached: &recorder::Reached, count: u64) {
        if let Some(rule) = &reached.rule {
            *self.coverage.rules.entry(rule.clone()).or_insert(0) += count;
        }
        for event in &reached.sent {
            if let Some(event) = self.coverage.events.get_mut(event) {
                event.sent += count;
            }
        }
        let handled = reached.handled.iter().map(|(_, _, event)| event);
        for event in reached.received.iter().chain(handled) {
            if let Some(event) = self.coverage.events.get_mut(event) {
                event.handled += count;
            }
        }
        for (machine, state, event) in &reached.handled {
            let machine = self.coverage.machines.get_mut(machine);
            let handlers = machine.and_then(|machine| machine.handlers.get_mut(state));
            if let Some(handled) = handlers.and_then(|handlers| handlers.get_mut(event)) {
                *handled += count;
            }
        }
        for (machine, state, next) in &reached.left {
            if let Some(machine) = self.coverage.machines.get_mut(machine) {
                let targets = machine.transitions.entry(state.clone()).or_default();
                *targets.entry(next.clone()).or_insert(0) += count;
            }
        }
        for (machine, state, is_cold) in &reached.entered {
            self.enter(machine, state, count);
            if *is_cold && self.scenarios.contains_key(machine) {
                self.satisfied.insert(machine.clone());
            }
        }
    }

    fn enter(&mut self, machine: &str, state: &str, times: u64) {
        let machines = self.coverage.machines.get_mut(machine);
        if let Some(count) = machines.and_then(|machine| machine.states.get_mut(state)) {
            *count += times;
        }
        if self.scenarios.contains_key(machine) {
            self.visited.insert((machine.to_owned(), state.to_owned()));
        }
    }

    /// An execution has come to its end; or all of them, if they were not told apart.
    pub(super) fn end(&mut self, is_schedule: bool) {
        for (name, scenario) in &mut self.scenarios {
            let visited = self.visited.iter().filter(|(scenario, _)| scenario == name);
            let n_visited = visited.count() as u64;
            scenario.max_states_visited = scenario.max_states_visited.max(n_visited);
            if self.satisfied.contains(name) {
                scenario.satisfied = true;
                scenario.satisfying_schedules += u64::from(is_schedule);
            }
        }
        self.visited.clear();
        self.satisfied.clear();
    }
}

impl Interpreter {
    /// Counts what the steps of an explored space reach.
    pub(super) fn cover(
        &mut self,
        search: &mut Search,
        found: &[StateId],
        gathering: &mut Gathering,
    ) -> Result<(), Interrupted> {
        let mut recorder = Recorder::new(self);
        let (reader, reducer) = (&self.reader, &mut self.reducer);
        let mut elements = Vec::new();
        let mut edges = Vec::new();
        for number in 0..search.n_expanded() {
            let state = StateId(number as u32);
            elements.clear();
            edges.clear();
            search.elements(reducer, state, &mut elements);
            if number == 0 {
                recorder.begin(reader, reducer, &elements);
            }
            search.edges(reducer, state, &mut edges)?;
            for (place, edge) in edges.iter().enumerate() {
                let label = reducer.module().statement(search.rule(edge.action)).label;
                let rule = label.map_or_else(String::new, |label| label.to_string());
                let step = NotedStep {
                    action: edge.action,
                    rule: &rule,
                    place,
                    elements: &elements,
                };
                let mut term = |reducer: &mut Reducer| search.term(reducer, state);
                recorder.note(reader, reducer, &step, &mut term)?;
            }
        }
        // A search that stops at what it has found has not followed all steps of the state before.
        let last = found.iter().filter_map(|state| search.path(*state).pop());
        for (number, step) in last.enumerate() {
            if step.from.index() < search.n_expanded() {
                continue;
            }
            elements.clear();
            search.elements(reducer, step.from, &mut elements);
            let label = reducer.module().statement(step.rule).label;
            let rule = label.map_or_else(String::new, |label| label.to_string());
            let noted = NotedStep {
                action: ActionId(u32::MAX - number as u32),
                rule: &rule,
                place: search.place(reducer, &step)?,
                elements: &elements,
            };
            let mut term = |reducer: &mut Reducer| search.term(reducer, step.from);
            recorder.note(reader, reducer, &noted, &mut term)?;
        }
        gathering.add(&recorder.take());
        gathering.end(false);
        Ok(())
    }
}
