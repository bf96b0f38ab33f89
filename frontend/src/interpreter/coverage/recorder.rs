//! What the steps that one engine makes reach.
//!
//! The one idea: what a step reaches depends on what it does and on how the monitors are, so it is
//! found out once for each such combination, by making the step again while somebody watches.

use std::collections::HashMap;
use std::sync::Arc;

use rewriter::reduction::{Interrupted, NormalForm, Reducer};
use rewriter::search::ActionId;
use rewriter::term::TermId;

use super::super::Interpreter;
use super::super::observed::{Applied, Question, Watched};
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

/// What a step reaches.
#[derive(Debug, Default)]
pub(in crate::interpreter) struct Reached {
    /// The rule of a step; where an execution begins there is none.
    pub(super) rule: Option<String>,
    pub(super) sent: Vec<String>,
    pub(super) received: Vec<String>,
    /// Machine, state, event.
    pub(super) handled: Vec<(String, String, String)>,
    /// Machine, state, next state.
    pub(super) left: Vec<(String, String, String)>,
    /// Machine, state, whether it is cold.
    pub(super) entered: Vec<(String, String, bool)>,
}

/// What steps reached, and how often.
pub(in crate::interpreter) type Recorded = Vec<(Arc<Reached>, u64)>;

/// Records what steps reach.
#[derive(Debug)]
pub(in crate::interpreter) struct Recorder {
    watched: Watched,
    known: HashMap<(ActionId, Vec<TermId>), Arc<Reached>>,
    /// The state of the step that was looked at last, and what is applied in each of its steps once
    /// another one was asked for: a state may have thousands.
    latest: Option<(NormalForm, Vec<Vec<Applied>>)>,
    /// What each step reached since the last call of [`Recorder::take`].
    steps: Vec<Arc<Reached>>,
}

/// A step that is to be counted.
pub(in crate::interpreter) struct NotedStep<'a> {
    pub(in crate::interpreter) action: ActionId,
    pub(in crate::interpreter) rule: &'a str,
    /// Which of the possible steps it is.
    pub(in crate::interpreter) place: usize,
    /// The elements of the configuration in which it is made.
    pub(in crate::interpreter) elements: &'a [TermId],
}

impl Recorder {
    /// Records for an engine.
    pub(in crate::interpreter) fn new(interpreter: &Interpreter) -> Recorder {
        Recorder {
            watched: Watched::new(interpreter.reducer.module(), QUESTIONS),
            known: HashMap::new(),
            latest: None,
            steps: Vec::new(),
        }
    }

    /// The engine has forgotten its terms and actions.
    pub(in crate::interpreter) fn forget(&mut self) {
        self.known.clear();
        self.latest = None;
        self.steps.clear();
    }

    /// What was reached since the last call.
    pub(in crate::interpreter) fn take(&mut self) -> Recorded {
        let mut steps = std::mem::take(&mut self.steps);
        // The order does not matter: what is made of it are sums.
        steps.sort_unstable_by_key(Arc::as_ptr);
        let mut recorded = Recorded::new();
        for step in steps {
            match recorded.last_mut() {
                Some((last, count)) if Arc::ptr_eq(last, &step) => *count += 1,
                _ => recorded.push((step, 1)),
            }
        }
        recorded
    }

    /// Records the states in which monitors begin.
    pub(in crate::interpreter) fn begin(
        &mut self,
        reader: &Reader,
        reducer: &Reducer,
        elements: &[TermId],
    ) {
        let entered = monitors(reader, reducer, elements).into_iter();
        self.steps.push(Arc::new(Reached {
            entered: entered
                .map(|(class, state)| (class, state, false))
                .collect(),
            ..Reached::default()
        }));
    }

    /// Records a step from a state.
    pub(in crate::interpreter) fn note(
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
            Some(reached) => Arc::clone(reached),
            None => {
                let state = term(reducer);
                let state = reducer.reduce(state)?;
                let mut reached = self.look(reader, reducer, state, step.place)?;
                reached.rule = Some(step.rule.to_owned());
                let reached = Arc::new(reached);
                self.known.insert(key, Arc::clone(&reached));
                reached
            }
        };
        self.steps.push(reached);
        Ok(())
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
