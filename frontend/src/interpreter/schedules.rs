//! Checking a test by executions, one after the other.
//!
//! The one idea: an execution is a walk through the same states that a search numbers, so what was
//! computed for one execution serves all others. What goes wrong shows where an execution ends; a
//! monitor that is hot for very long is a bug as well, if every machine had its chance meanwhile.
//!
//! Source: p-language 4.9, 4.10.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rewriter::reduction::{NormalForm, Reducer};
use rewriter::search::{ActionId, Engine, Goal, StateId, Stopped, Walk};
use rewriter::term::TermId;

use super::Interpreter;
use super::check::CheckBounds;
use super::coverage::{Gathering, NotedStep};
use super::minimize::shorten;
use super::monitors::{Measured, Monitors, cools, entries};
use super::progress::Watcher;
use super::strategy::{Offer, Scheduler, Strategy};
use crate::report::{Bug, Covered, Stop, TestReport, Violation};
use crate::trace::{Heat, Reader};

/// Which executions are made.
#[derive(Clone, Copy, Debug)]
pub struct Schedules {
    /// How they are chosen.
    pub strategy: Strategy,
    /// The most of them.
    pub number: Option<u64>,
    /// The same seed gives the same executions.
    pub seed: u64,
    /// The most steps of one.
    pub steps: u64,
}

/// What is asked of the executions.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) violations: &'a Goal,
    pub(super) bounds: &'a CheckBounds,
    pub(super) schedules: &'a Schedules,
}

/// How an execution ended, if it was not cut off.
type Ending = Option<Violation>;

/// A decision that `dfs` comes back to.
struct Decision {
    state: StateId,
    n_steps: usize,
    taken: usize,
}

/// Everything that executions share.
pub(super) struct Executions<'a> {
    pub(super) interpreter: &'a mut Interpreter,
    pub(super) walk: Walk,
    bounds: &'a CheckBounds,
    schedules: &'a Schedules,
    gathering: Option<&'a mut Gathering>,
    machines: Vec<Option<TermId>>,
    offers: HashMap<ActionId, Offer>,
    endings: HashMap<StateId, Ending>,
    monitors: Monitors,
    /// For each monitor, how long it has been hot without having been cold.
    temperatures: Vec<u64>,
    /// What was done, and which of the possible steps it was.
    path: Vec<(ActionId, usize)>,
    n_steps: u64,
    longest: u64,
    n_schedules: u64,
    n_buggy: u64,
    bugs: Vec<Bug>,
    made: Arc<Made>,
}

/// How far executions are, for those who watch.
#[derive(Debug, Default)]
pub(super) struct Made {
    executions: AtomicU64,
    steps: AtomicU64,
}

impl Interpreter {
    /// Makes executions; gives the limit that was reached.
    pub(super) fn make_executions(
        &mut self,
        initial: NormalForm,
        asked: &Asked<'_>,
        gathering: &mut Option<Gathering>,
        report: &mut TestReport,
    ) -> Option<Stop> {
        let made = Arc::new(Made::default());
        let watched = Arc::clone(&made);
        let watcher = asked.bounds.progress.then(|| {
            Watcher::watch(move || {
                let executions = watched.executions.load(Ordering::Relaxed);
                let steps = watched.steps.load(Ordering::Relaxed);
                format!("{executions} executions, {steps} steps")
            })
        });
        let stop = self.make_watched(initial, asked, gathering, report, &made);
        if let Some(watcher) = watcher {
            watcher.stop();
        }
        stop
    }

    fn make_watched(
        &mut self,
        initial: NormalForm,
        asked: &Asked<'_>,
        gathering: &mut Option<Gathering>,
        report: &mut TestReport,
        made: &Arc<Made>,
    ) -> Option<Stop> {
        let Asked {
            violations, bounds, ..
        } = *asked;
        let nothing_reached = gathering.clone();
        let mut walk = Walk::new(&mut self.reducer, initial, violations, bounds.engine);
        loop {
            let mut executions = Executions::new(self, walk, asked, gathering);
            executions.made = Arc::clone(made);
            let outcome = executions.run();
            report.covered = Covered::Schedules {
                schedules: executions.n_schedules,
                buggy: executions.n_buggy,
                steps: executions.n_steps,
                longest: executions.longest,
                states: executions.walk.n_states() as u64,
            };
            let last = executions.path.iter().map(|(_, taken)| *taken);
            report.last = Some(last.collect());
            report.bugs = executions.bugs;
            match outcome {
                Ok(()) => return None,
                Err(Stopped::Limit(interrupted)) => {
                    let (steps, memory) = (bounds.step_limit, bounds.memory);
                    return Some(self.stop_of(&interrupted, steps, memory));
                }
                Err(Stopped::Form) => {
                    gathering.clone_from(&nothing_reached);
                    let general = Engine::General;
                    walk = Walk::new(&mut self.reducer, initial, violations, general);
                }
            }
        }
    }
}

impl<'a> Executions<'a> {
    fn new(
        interpreter: &'a mut Interpreter,
        walk: Walk,
        asked: &Asked<'a>,
        gathering: &'a mut Option<Gathering>,
    ) -> Executions<'a> {
        Executions {
            interpreter,
            walk,
            bounds: asked.bounds,
            schedules: asked.schedules,
            gathering: gathering.as_mut(),
            machines: Vec::new(),
            offers: HashMap::new(),
            endings: HashMap::new(),
            monitors: Monitors::default(),
            temperatures: Vec::new(),
            path: Vec::new(),
            n_steps: 0,
            longest: 0,
            n_schedules: 0,
            n_buggy: 0,
            bugs: Vec::new(),
            made: Arc::default(),
        }
    }

    fn run(&mut self) -> Result<(), Stopped> {
        match self.schedules.strategy {
            Strategy::Depth => self.enumerate(),
            _ => self.sample(),
        }
    }

    /// As many executions as were asked for, each chosen anew.
    fn sample(&mut self) -> Result<(), Stopped> {
        let mut scheduler = Scheduler::new(self.schedules.strategy, self.schedules.seed);
        let mut actions = Vec::new();
        while self
            .schedules
            .number
            .is_none_or(|most| self.n_schedules < most)
        {
            self.walk.restart();
            self.path.clear();
            self.temperatures.clear();
            scheduler.begin();
            loop {
                if let Some(violation) = self.overheated()? {
                    self.end(Some(violation), false)?;
                    break;
                }
                let reducer = &mut self.interpreter.reducer;
                self.walk.steps(reducer, &mut actions)?;
                if actions.is_empty() {
                    let ending = self.ending();
                    self.end(ending, true)?;
                    break;
                }
                if self.path.len() as u64 >= self.schedules.steps {
                    self.end(None, false)?;
                    break;
                }
                let chosen = match self.schedules.strategy {
                    Strategy::Random => scheduler.any(actions.len()),
                    _ => {
                        let offers = self.offers(&actions)?;
                        scheduler.choose(&offers)
                    }
                };
                self.note(actions[chosen], chosen)?;
                self.path.push((actions[chosen], chosen));
                self.walk.take(&mut self.interpreter.reducer, chosen)?;
            }
            if self.is_enough() {
                break;
            }
        }
        Ok(())
    }

    /// All executions, the last decision changed first.
    fn enumerate(&mut self) -> Result<(), Stopped> {
        let mut actions = Vec::new();
        let mut decisions: Vec<Decision> = Vec::new();
        loop {
            let reducer = &mut self.interpreter.reducer;
            self.walk.steps(reducer, &mut actions)?;
            let is_cut = self.path.len() as u64 >= self.schedules.steps;
            if !actions.is_empty() && !is_cut {
                decisions.push(Decision {
                    state: self.walk.state(),
                    n_steps: actions.len(),
                    taken: 0,
                });
                self.note(actions[0], 0)?;
                self.path.push((actions[0], 0));
                self.walk.take(&mut self.interpreter.reducer, 0)?;
                continue;
            }
            let ending = if actions.is_empty() {
                self.ending()
            } else {
                None
            };
            self.end(ending, true)?;
            let is_last = self.schedules.number == Some(self.n_schedules);
            while decisions
                .last()
                .is_some_and(|decision| decision.taken + 1 == decision.n_steps)
            {
                decisions.pop();
            }
            let Some(decision) = decisions.last_mut().filter(|_| !is_last) else {
                return Ok(());
            };
            if self.is_enough() {
                return Ok(());
            }
            decision.taken += 1;
            self.walk.go_to(decision.state);
            let taken = decision.taken;
            self.path.truncate(decisions.len() - 1);
            let reducer = &mut self.interpreter.reducer;
            self.walk.steps(reducer, &mut actions)?;
            self.note(actions[taken], taken)?;
            self.path.push((actions[taken], taken));
            self.walk.take(&mut self.interpreter.reducer, taken)?;
        }
    }

    /// Counts what the next step reaches. In a depth-first enumeration a step is counted once.
    fn note(&mut self, action: ActionId, place: usize) -> Result<(), Stopped> {
        let Some(gathering) = &mut self.gathering else {
            return Ok(());
        };
        let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
        let mut elements = Vec::new();
        self.walk.elements(reducer, &mut elements);
        if self.path.is_empty() {
            gathering.begin(reader, reducer, &elements);
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
        let noted = gathering.note(reader, reducer, &step, &mut term);
        noted.map_err(Stopped::Limit)
    }

    fn is_enough(&self) -> bool {
        !self.bounds.keep_going && !self.bugs.is_empty()
    }

    /// Counts an execution that has come to its end, because nothing can be done or otherwise.
    fn end(&mut self, ending: Ending, is_final: bool) -> Result<(), Stopped> {
        self.n_schedules += 1;
        if let Some(gathering) = &mut self.gathering {
            gathering.end(true);
        }
        self.n_steps += self.path.len() as u64;
        self.longest = self.longest.max(self.path.len() as u64);
        (self.made.executions).store(self.n_schedules, Ordering::Relaxed);
        self.made.steps.store(self.n_steps, Ordering::Relaxed);
        let Some(violation) = ending else {
            return Ok(());
        };
        self.n_buggy += 1;
        if self.bugs.iter().any(|bug| bug.violation == violation) {
            return Ok(());
        }
        let mut bug = Bug {
            schedule: Some(self.n_schedules),
            length: Some(self.path.len() as u64),
            ..Bug::of(violation)
        };
        let mut made = self.path.clone();
        if is_final {
            let at = self.walk.state();
            if let Some(shortened) = shorten(self, &made, &bug.violation)? {
                made = shortened.path;
                bug.violation = shortened.violation;
                bug.is_minimal = Some(shortened.is_minimal);
            }
            self.walk.go_to(at);
        }
        let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
        for &(action, taken) in &made {
            let action = self.walk.action(reducer, action)?;
            let rule = reducer.module().statement(action.rule).clone();
            bug.path.push(reader.step(reducer, &rule, &action.values));
            bug.taken.push(taken);
        }
        self.bugs.push(bug);
        Ok(())
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

    /// The monitor that has been hot for too long, if there is one. In P's checker that is half
    /// as long as an execution may be, and it looks at fair strategies only.
    fn overheated(&mut self) -> Result<Option<Violation>, Stopped> {
        if !self.schedules.strategy.is_fair() || (self.monitors.len() == 0 && !self.path.is_empty())
        {
            return Ok(None);
        }
        let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
        let mut elements = Vec::new();
        self.walk.elements(reducer, &mut elements);
        let mut measured: Vec<Measured> = Vec::new();
        self.monitors
            .measure(reader, reducer, &elements, &mut measured);
        self.temperatures.resize(self.monitors.len(), 0);
        let mut too_hot = Vec::new();
        for measured in &measured {
            let temperature = &mut self.temperatures[measured.monitor];
            match measured.heat {
                Heat::Hot => *temperature += 1,
                Heat::Warm => {}
                Heat::Cold => *temperature = 0,
            }
            if *temperature > self.schedules.steps / 2 {
                too_hot.push(*measured);
            }
        }
        for measured in too_hot {
            let temperature = self.temperature(measured.monitor)?;
            self.temperatures[measured.monitor] = temperature;
            if temperature > self.schedules.steps / 2 {
                let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
                return Ok(reader.endless(reducer, measured.element));
            }
        }
        Ok(None)
    }

    /// How long a monitor has been hot. It may have been cold within a step, which the states do
    /// not show, so the execution is made once more.
    fn temperature(&mut self, monitor: usize) -> Result<u64, Stopped> {
        let at = self.walk.state();
        let entering = entries(&self.interpreter.reducer);
        let mut known: HashMap<(ActionId, Vec<TermId>), bool> = HashMap::new();
        let (mut temperature, mut actions) = (0, Vec::new());
        let (mut elements, mut measured) = (Vec::new(), Vec::new());
        self.walk.restart();
        for &(action, taken) in &self.path {
            let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
            self.walk.elements(reducer, &mut elements);
            self.monitors
                .measure(reader, reducer, &elements, &mut measured);
            let before = measured
                .iter()
                .find(|other| other.monitor == monitor)
                .copied();
            let key = (action, measured.iter().map(|other| other.element).collect());
            let is_cold = match (known.get(&key), before) {
                (Some(is_cold), _) => *is_cold,
                (None, Some(before)) => {
                    let term = self.walk.term(reducer);
                    let cold = cools(reader, reducer, &entering, term, taken, before.element);
                    let is_cold = cold.map_err(Stopped::Limit)?;
                    known.insert(key, is_cold);
                    is_cold
                }
                (None, None) => false,
            };
            self.walk.steps(reducer, &mut actions)?;
            self.walk.take(reducer, taken)?;
            self.walk.elements(reducer, &mut elements);
            self.monitors
                .measure(reader, reducer, &elements, &mut measured);
            let after = measured.iter().find(|other| other.monitor == monitor);
            if is_cold {
                temperature = 0;
            }
            match after.map(|after| after.heat) {
                Some(Heat::Hot) => temperature += 1,
                Some(Heat::Cold) => temperature = 0,
                _ => {}
            }
        }
        self.walk.go_to(at);
        Ok(temperature)
    }

    /// What all possible steps are. One that chooses a value is like all others beside it.
    fn offers(&mut self, actions: &[ActionId]) -> Result<Vec<Offer>, Stopped> {
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
