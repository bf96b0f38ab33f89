//! What the steps of a test reach.
//!
//! The one idea: what a step reaches depends on what it does and on how the monitors are, so it is
//! found out once for each such combination, by making the step again while somebody watches, and
//! counted as often as the step is made.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use rewriter::reduction::{Interrupted, NormalForm, Reducer};
use rewriter::search::{ActionId, Search, StateId};
use rewriter::term::TermId;

use super::Interpreter;
use super::observed::{Applied, Question, Watched};
use crate::report::{Coverage, ScenarioCoverage};
use crate::trace::{Heat, Reader};

const QUESTIONS: &[Question] = &[
    ("start", &["Self", "Y", "R"]),
    ("send", &["Event"]),
    ("send-self", &["Event"]),
    ("send-halted", &["Event"]),
    ("announce", &["X"]),
    ("receive", &["Event"]),
    ("handle", &["A", "X", "Z", "R"]),
    ("handle-goto", &["A", "T", "Z", "R"]),
    ("goto", &["A", "T", "Z", "R"]),
    ("enter", &["A", "T", "CL"]),
];

/// What there is to reach.
#[derive(Clone, Debug)]
pub struct Goals {
    /// A coverage in which nothing was reached.
    pub coverage: Coverage,
    /// Scenarios that are not covered.
    pub scenarios: BTreeMap<String, ScenarioCoverage>,
}

/// What a step reaches.
#[derive(Debug, Default)]
pub(super) struct Reached {
    rule: String,
    sent: Vec<String>,
    received: Vec<String>,
    /// Machine, state, event.
    handled: Vec<(String, String, String)>,
    /// Machine, state, next state.
    left: Vec<(String, String, String)>,
    /// Machine, state, whether it is cold.
    entered: Vec<(String, String, bool)>,
}

/// Coverage under way.
#[derive(Clone, Debug)]
pub(super) struct Gathering {
    watched: Watched,
    known: HashMap<(ActionId, Vec<TermId>), Rc<Reached>>,
    /// The state of the step that was looked at last, and what is applied in each of its steps once
    /// another one was asked for: a state may have thousands.
    latest: Option<(NormalForm, Vec<Vec<Applied>>)>,
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
            watched: Watched::new(module, QUESTIONS),
            known: HashMap::new(),
            latest: None,
            coverage,
            scenarios,
            visited: BTreeSet::new(),
            satisfied: BTreeSet::new(),
        }
    }

    /// Counts the states in which monitors begin.
    pub(super) fn begin(&mut self, reader: &Reader, reducer: &Reducer, elements: &[TermId]) {
        for (class, state) in monitors(reader, reducer, elements) {
            self.enter(&class, &state);
        }
    }

    fn enter(&mut self, machine: &str, state: &str) {
        let machines = self.coverage.machines.get_mut(machine);
        if let Some(count) = machines.and_then(|machine| machine.states.get_mut(state)) {
            *count += 1;
        }
        if self.scenarios.contains_key(machine) {
            self.visited.insert((machine.to_owned(), state.to_owned()));
        }
    }

    /// Counts a step from a state.
    pub(super) fn note(
        &mut self,
        reader: &Reader,
        reducer: &mut Reducer,
        step: &NotedStep<'_>,
        term: &mut dyn FnMut(&mut Reducer) -> TermId,
    ) -> Result<(), Interrupted> {
        let store = reducer.store();
        let mut monitors: Vec<TermId> = step.elements.to_vec();
        monitors.retain(|element| reader.monitor(store, *element).is_some());
        monitors.sort_unstable();
        let key = (step.action, monitors);
        let reached = match self.known.get(&key) {
            Some(reached) => Rc::clone(reached),
            None => {
                let state = term(reducer);
                let state = reducer.reduce(state)?;
                let mut reached = self.look(reader, reducer, state, step.place)?;
                reached.rule = step.rule.to_owned();
                let reached = Rc::new(reached);
                self.known.insert(key, Rc::clone(&reached));
                reached
            }
        };
        self.add(&reached);
        Ok(())
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

    fn add(&mut self, reached: &Reached) {
        *self.coverage.rules.entry(reached.rule.clone()).or_insert(0) += 1;
        for event in &reached.sent {
            if let Some(event) = self.coverage.events.get_mut(event) {
                event.sent += 1;
            }
        }
        let handled = reached.handled.iter().map(|(_, _, event)| event);
        for event in reached.received.iter().chain(handled) {
            if let Some(event) = self.coverage.events.get_mut(event) {
                event.handled += 1;
            }
        }
        for (machine, state, event) in &reached.handled {
            let machine = self.coverage.machines.get_mut(machine);
            let handlers = machine.and_then(|machine| machine.handlers.get_mut(state));
            if let Some(count) = handlers.and_then(|handlers| handlers.get_mut(event)) {
                *count += 1;
            }
        }
        for (machine, state, next) in &reached.left {
            if let Some(machine) = self.coverage.machines.get_mut(machine) {
                let targets = machine.transitions.entry(state.clone()).or_default();
                *targets.entry(next.clone()).or_insert(0) += 1;
            }
        }
        for (machine, state, is_cold) in &reached.entered {
            self.enter(machine, state);
            if *is_cold && self.scenarios.contains_key(machine) {
                self.satisfied.insert(machine.clone());
            }
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

    fn look(
        &mut self,
        reader: &Reader,
        reducer: &mut Reducer,
        state: NormalForm,
        place: usize,
    ) -> Result<Reached, Interrupted> {
        let mut reached = Reached::default();
        let Some((_, steps)) = self.latest.as_mut().filter(|(latest, _)| *latest == state) else {
            let (applied, _) = self.watched.transition(reducer, state, place)?;
            for applied in applied {
                reached.add(reader, reducer, &applied);
            }
            self.latest = Some((state, Vec::new()));
            return Ok(reached);
        };
        if steps.is_empty() {
            let all = self.watched.transitions(reducer, state)?;
            *steps = all.into_iter().map(|(applied, _)| applied).collect();
        }
        for applied in steps.get(place).into_iter().flatten() {
            reached.add(reader, reducer, applied);
        }
        Ok(reached)
    }
}

/// A step that is to be counted.
pub(super) struct NotedStep<'a> {
    pub(super) action: ActionId,
    pub(super) rule: &'a str,
    /// Which of the possible steps it is.
    pub(super) place: usize,
    /// The elements of the configuration in which it is made.
    pub(super) elements: &'a [TermId],
}

impl Reached {
    fn add(&mut self, reader: &Reader, reducer: &mut Reducer, applied: &Applied) {
        let (label, _) = QUESTIONS[applied.question];
        let values: Vec<TermId> = applied.values.iter().copied().flatten().collect();
        match (label, values.as_slice()) {
            ("start", &[_, state, rest]) => {
                let store = reducer.store();
                let machine = reader.class_name(store, rest);
                self.entered
                    .push((machine, reader.plain_name(store, state), false));
            }
            ("send" | "send-self" | "send-halted" | "announce", &[event]) => {
                self.sent.push(reader.plain_name(reducer.store(), event));
            }
            ("receive", &[event]) => {
                self.received
                    .push(reader.plain_name(reducer.store(), event));
            }
            ("handle", &[_, event, state, rest]) => {
                let store = reducer.store();
                self.handled.push((
                    reader.class_name(store, rest),
                    reader.state_name(store, state),
                    reader.plain_name(store, event),
                ));
            }
            ("handle-goto" | "goto", &[_, target, state, rest]) => {
                let store = reducer.store();
                self.left.push((
                    reader.class_name(store, rest),
                    reader.state_name(store, state),
                    reader.plain_name(store, target),
                ));
            }
            ("enter", &[_, name, class]) => {
                let Some(state) = reader.state_of(reducer, name, class) else {
                    return;
                };
                let store = reducer.store();
                let machine = store.arguments(class).get(2).copied();
                let machine =
                    machine.map_or_else(String::new, |name| reader.plain_name(store, name));
                let is_cold = reader.temperature(store, state) == Heat::Cold;
                self.entered
                    .push((machine, reader.state_name(store, state), is_cold));
            }
            _ => {}
        }
    }
}

/// The monitors of a configuration and their states.
fn monitors(reader: &Reader, reducer: &Reducer, elements: &[TermId]) -> Vec<(String, String)> {
    let store = reducer.store();
    let monitors = elements.iter().filter_map(|&element| {
        reader.monitor(store, element)?;
        let attributes = *store.arguments(element).get(1)?;
        let state = reader.state_in(store, attributes)?;
        Some((
            reader.class_name(store, attributes),
            reader.state_name(store, state),
        ))
    });
    monitors.collect()
}

impl Interpreter {
    /// Counts what the steps of an explored space reach.
    pub(super) fn cover(
        &mut self,
        search: &mut Search,
        found: &[StateId],
        gathering: &mut Gathering,
    ) -> Result<(), Interrupted> {
        let (reader, reducer) = (&self.reader, &mut self.reducer);
        let mut elements = Vec::new();
        let mut edges = Vec::new();
        for number in 0..search.n_expanded() {
            let state = StateId(number as u32);
            elements.clear();
            edges.clear();
            search.elements(reducer, state, &mut elements);
            if number == 0 {
                gathering.begin(reader, reducer, &elements);
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
                gathering.note(reader, reducer, &step, &mut term)?;
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
            gathering.note(reader, reducer, &noted, &mut term)?;
        }
        gathering.end(false);
        Ok(())
    }
}
