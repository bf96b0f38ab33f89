//! Executions that one engine makes.
//!
//! The one idea: an execution is a walk through the same states that a search numbers, so what was
//! computed for one execution serves all others.
//!
//! Source: p-language 4.9.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use rewriter::reduction::Reducer;
use rewriter::search::{ActionId, StateId, Stopped, Walk};
use rewriter::term::TermId;

use super::Interpreter;
use super::coverage::{NotedStep, Recorded, Recorder};
use super::fingerprint::Fingerprints;
use super::monitors::Monitors;
use super::schedules::Asked;
use super::strategy::{Offer, Scheduler, Strategy};
use crate::report::{Stop, Violation};
use crate::trace::Reader;

/// How an execution ended, if it was not cut off.
pub(super) type Ending = Option<Violation>;

/// What was done, and which of the possible steps it was.
pub(super) type Path = Vec<(ActionId, usize)>;

/// An execution that was made.
#[derive(Clone, Debug)]
pub(super) struct Execution {
    /// What went wrong, if something did.
    pub(super) ending: Ending,
    /// How it came to its end.
    pub(super) close: Close,
    /// Which of the possible steps were taken.
    pub(super) taken: Vec<usize>,
    /// The states that its engine had not seen before, by their fingerprints.
    pub(super) new: Vec<u64>,
    /// What its steps reached, if that is asked for.
    pub(super) reached: Recorded,
}

/// How an execution came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// Nothing could be done.
    Final,
    /// It was cut off.
    Cut,
    /// A step never ends.
    Endless,
}

/// Why there are no more executions.
#[derive(Clone, Debug)]
pub(super) enum Ended {
    /// A limit was reached.
    Limit(Stop),
    /// The compiled engine does not know the form of a state.
    Form,
}

/// An engine, and the execution that it makes.
pub(super) struct Executions<'a> {
    pub(super) interpreter: &'a mut Interpreter,
    pub(super) walk: Walk,
    pub(super) asked: Asked<'a>,
    pub(super) path: Path,
    pub(super) monitors: Monitors,
    /// For each monitor, how long it has been hot without having been cold.
    pub(super) temperatures: Vec<u64>,
    recorder: Option<Recorder>,
    machines: Vec<Option<TermId>>,
    offers: HashMap<ActionId, Offer>,
    endings: HashMap<StateId, Ending>,
    fingerprints: Fingerprints,
    /// The states whose fingerprints were written.
    known: Vec<bool>,
    /// The states of this execution that were not known.
    new: Vec<u64>,
    /// Whether nothing was made yet.
    is_fresh: bool,
}

impl<'a> Executions<'a> {
    /// Begins with an engine that knows nothing.
    pub(super) fn begin(
        interpreter: &'a mut Interpreter,
        asked: Asked<'a>,
    ) -> Result<Executions<'a>, Ended> {
        let walk = interpreter.walk(&asked)?;
        let recorder = asked.covers.then(|| Recorder::new(interpreter));
        Ok(Executions {
            interpreter,
            walk,
            asked,
            path: Path::new(),
            monitors: Monitors::default(),
            temperatures: Vec::new(),
            recorder,
            machines: Vec::new(),
            offers: HashMap::new(),
            endings: HashMap::new(),
            fingerprints: Fingerprints::default(),
            known: Vec::new(),
            new: Vec::new(),
            is_fresh: true,
        })
    }

    /// Forgets everything that was computed, so that the memory is there again; whether there was
    /// anything that could be forgotten.
    pub(super) fn forget(&mut self) -> Result<bool, Ended> {
        if self.is_fresh {
            return Ok(false);
        }
        self.walk = self.interpreter.walk(&self.asked)?;
        self.path.clear();
        self.monitors = Monitors::default();
        self.machines.clear();
        self.offers.clear();
        self.endings.clear();
        self.fingerprints = Fingerprints::default();
        self.known.clear();
        if let Some(recorder) = &mut self.recorder {
            recorder.forget();
        }
        self.is_fresh = true;
        Ok(true)
    }

    /// What the steps reached that were made since the last call.
    pub(super) fn reached(&mut self) -> Recorded {
        let recorder = self.recorder.as_mut();
        recorder.map(Recorder::take).unwrap_or_default()
    }

    /// Why there are no more executions.
    pub(super) fn ended(&mut self, stopped: Stopped) -> Ended {
        match stopped {
            Stopped::Form => Ended::Form,
            Stopped::Limit(interrupted) => {
                let (steps, memory) = (self.asked.bounds.step_limit, self.asked.bounds.memory);
                Ended::Limit(self.interpreter.stop_of(&interrupted, steps, memory))
            }
        }
    }

    /// Makes one execution. Nothing, if it is given up because nobody wants it any more.
    pub(super) fn make(
        &mut self,
        scheduler: &mut Scheduler,
        is_over: &AtomicBool,
    ) -> Result<Option<Execution>, Stopped> {
        let mut actions = Vec::new();
        self.new.clear();
        self.walk.restart();
        self.path.clear();
        self.temperatures.clear();
        // One that was given up may have left something.
        self.reached();
        self.fingerprint();
        let (ending, close) = loop {
            if is_over.load(Ordering::Relaxed) {
                return Ok(None);
            }
            if let Some(violation) = self.overheated()? {
                break (Some(violation), Close::Cut);
            }
            let reducer = &mut self.interpreter.reducer;
            self.walk.steps(reducer, &mut actions)?;
            if actions.is_empty() {
                break (self.ending(), Close::Final);
            }
            if self.path.len() as u64 >= self.asked.schedules.steps {
                break (None, Close::Cut);
            }
            let chosen = match self.asked.schedules.strategy {
                Strategy::Random => scheduler.any(actions.len()),
                _ => {
                    let offers = self.offers(&actions)?;
                    scheduler.choose(&offers)
                }
            };
            self.note(actions[chosen], chosen)?;
            self.walk.take(&mut self.interpreter.reducer, chosen)?;
            self.path.push((actions[chosen], chosen));
            self.fingerprint();
        };
        Ok(Some(self.execution(ending, close)))
    }

    /// The execution that was under way.
    pub(super) fn execution(&mut self, ending: Ending, close: Close) -> Execution {
        self.is_fresh = false;
        Execution {
            ending,
            close,
            taken: self.path.iter().map(|(_, taken)| *taken).collect(),
            new: std::mem::take(&mut self.new),
            reached: self.reached(),
        }
    }

    /// Makes an execution once more, maybe of another engine: its steps are known.
    pub(super) fn follow(&mut self, taken: &[usize]) -> Result<(), Stopped> {
        let mut actions = Vec::new();
        self.walk.restart();
        self.path.clear();
        for &taken in taken {
            let reducer = &mut self.interpreter.reducer;
            self.walk.steps(reducer, &mut actions)?;
            self.path.push((actions[taken], taken));
            self.walk.take(reducer, taken)?;
        }
        Ok(())
    }

    /// Writes the fingerprint of the present state, if it is new.
    fn fingerprint(&mut self) {
        let state = self.walk.state().0 as usize;
        if self.known.len() <= state {
            self.known.resize(state + 1, false);
        }
        if !std::mem::replace(&mut self.known[state], true) {
            let reducer = &self.interpreter.reducer;
            let mut elements = Vec::new();
            self.walk.elements(reducer, &mut elements);
            let fingerprint = self.fingerprints.of(reducer.store(), &elements);
            self.new.push(fingerprint);
        }
    }

    /// Counts what the next step reaches. In a depth-first enumeration a step is counted once.
    pub(super) fn note(&mut self, action: ActionId, place: usize) -> Result<(), Stopped> {
        let Some(recorder) = &mut self.recorder else {
            return Ok(());
        };
        let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
        let mut elements = Vec::new();
        self.walk.elements(reducer, &mut elements);
        if self.path.is_empty() {
            recorder.begin(reader, reducer, &elements);
        }
        let label = reducer.module().statement(self.walk.rule(action)).label;
        let rule = label.map_or_else(String::new, |label| label.to_string());
        let step = NotedStep {
            action,
            rule: &rule,
            place,
            elements: &elements,
        };
        let walk = &self.walk;
        let mut term = |reducer: &mut Reducer| walk.term(reducer);
        let noted = recorder.note(reader, reducer, &step, &mut term);
        noted.map_err(Stopped::Limit)
    }

    /// What is wrong in the present state, where nothing can be done.
    pub(super) fn ending(&mut self) -> Ending {
        let state = self.walk.state();
        if let Some(ending) = self.endings.get(&state) {
            return ending.clone();
        }
        let reducer = &mut self.interpreter.reducer;
        let term = self.walk.term(reducer);
        let ending = self.interpreter.reader.violation(reducer, term);
        self.endings.insert(state, ending.clone());
        ending
    }

    /// What all possible steps are. One that chooses a value is like all others beside it.
    pub(super) fn offers(&mut self, actions: &[ActionId]) -> Result<Vec<Offer>, Stopped> {
        let mut offers = Vec::with_capacity(actions.len());
        for &action in actions {
            let offer = match offers.first() {
                Some(Offer {
                    is_choice: true, ..
                }) => offers[0],
                _ => self.offer(action)?,
            };
            offers.push(offer);
        }
        Ok(offers)
    }

    pub(super) fn offer(&mut self, action: ActionId) -> Result<Offer, Stopped> {
        if let Some(offer) = self.offers.get(&action) {
            return Ok(*offer);
        }
        let reducer = &mut self.interpreter.reducer;
        let found = self.walk.action(reducer, action)?;
        let rule = reducer.module().statement(found.rule);
        let value = |name: &str| Reader::value(rule, &found.values, name);
        let is_choice = value("Choice").is_some();
        let (machine, target) = (value("Self"), value("Target"));
        let sends = value("Event").is_some();
        let offer = Offer {
            machine: self.machine(machine),
            is_choice,
            recipient: target.filter(|_| sends),
            created: (target.is_some() && !sends).then(|| self.machine(target)),
        };
        self.offers.insert(action, offer);
        Ok(offer)
    }

    /// The number of a machine, in the order in which they are met.
    fn machine(&mut self, machine: Option<TermId>) -> usize {
        match self.machines.iter().position(|other| *other == machine) {
            Some(number) => number,
            None => {
                self.machines.push(machine);
                self.machines.len() - 1
            }
        }
    }
}
