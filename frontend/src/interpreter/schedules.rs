//! Checking a test by executions: which are made, and what is told of them.
//!
//! The one idea: what goes wrong shows where an execution ends; a monitor that is hot for very long is a
//! bug as well, if every machine had its chance meanwhile. Of each bug one execution is told, shortened
//! until no step can be left out, or to what repeats in it.
//!
//! Source: p-language 4.9, 4.10.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rewriter::reduction::Limits;
use rewriter::search::{ActionId, Engine, Goal, Stopped, Walk};

use super::Interpreter;
use super::check::CheckBounds;
use super::coverage::{Gathering, Recorded};
use super::executions::{Close, Ended, Ending, Executions};
use super::minimize::shorten;
use super::progress::Watcher;
use super::sampling::sample;
use super::strategy::Strategy;
use crate::interrupt;
use crate::lower::Tree;
use crate::report::{Bug, Covered, Step, Stop, TestReport, Violation};

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
    pub(super) initial: &'a Tree,
    pub(super) violations: &'a Goal,
    pub(super) bounds: &'a CheckBounds,
    pub(super) schedules: &'a Schedules,
    pub(super) engine: Engine,
    /// Whether it is recorded what the steps reach.
    pub(super) covers: bool,
    /// When the time is up.
    pub(super) deadline: Option<Instant>,
    /// The most bytes of one engine.
    pub(super) memory: u64,
}

/// How far executions are, for those who watch.
#[derive(Debug, Default)]
struct Made {
    executions: AtomicU64,
    steps: AtomicU64,
}

/// More different states are not counted: their fingerprints would fill the memory.
const MOST_COUNTED: usize = 1 << 24;

/// What came of executions.
pub(super) struct Tally {
    number: Option<u64>,
    keep_going: bool,
    n_steps: u64,
    longest: u64,
    n_schedules: u64,
    n_buggy: u64,
    bugs: Vec<Bug>,
    states: HashSet<u64>,
    gathering: Option<Gathering>,
    /// The last execution: which of the possible steps were taken.
    pub(super) last: Vec<usize>,
    made: Arc<Made>,
}

impl Tally {
    fn new(asked: &Asked<'_>, made: &Arc<Made>, gathering: Option<Gathering>) -> Tally {
        Tally {
            number: asked.schedules.number,
            keep_going: asked.bounds.keep_going,
            n_steps: 0,
            longest: 0,
            n_schedules: 0,
            n_buggy: 0,
            bugs: Vec::new(),
            states: HashSet::new(),
            gathering,
            last: Vec::new(),
            made: Arc::clone(made),
        }
    }

    /// Counts states by their fingerprints.
    pub(super) fn met(&mut self, states: &[u64]) {
        if self.states.len() < MOST_COUNTED {
            self.states.extend(states);
        }
    }

    /// Counts what the steps of an execution reached.
    pub(super) fn gather(&mut self, reached: &Recorded) {
        if let Some(gathering) = &mut self.gathering {
            gathering.add(reached);
            gathering.end(true);
        }
    }

    /// Whether an execution that shows this was told.
    pub(super) fn knows(&self, violation: &Violation) -> bool {
        self.bugs.iter().any(|bug| bug.violation == *violation)
    }

    /// Counts an execution; whether there are enough.
    pub(super) fn count(&mut self, ending: &Ending, length: usize) -> bool {
        self.n_schedules += 1;
        self.n_buggy += u64::from(ending.is_some());
        self.n_steps += length as u64;
        self.longest = self.longest.max(length as u64);
        (self.made.executions).store(self.n_schedules, Ordering::Relaxed);
        self.made.steps.store(self.n_steps, Ordering::Relaxed);
        self.number == Some(self.n_schedules) || (!self.keep_going && !self.bugs.is_empty())
    }

    /// Counts the execution that was just made, because nothing can be done or otherwise, and tells it
    /// if it goes wrong; whether there are enough.
    pub(super) fn end(
        &mut self,
        executions: &mut Executions<'_>,
        ending: Ending,
        close: Close,
    ) -> Result<bool, Stopped> {
        let length = executions.path.len();
        if let Some(violation) = ending.as_ref().filter(|violation| !self.knows(violation)) {
            let mut bug = executions.bug(violation, close)?;
            bug.schedule = Some(self.n_schedules + 1);
            bug.length = Some(length as u64);
            self.bugs.push(bug);
        }
        self.last = executions.path.iter().map(|(_, taken)| *taken).collect();
        Ok(self.count(&ending, length))
    }
}

impl Executions<'_> {
    /// Tells the execution that was just made.
    fn bug(&mut self, violation: &Violation, close: Close) -> Result<Bug, Stopped> {
        let mut bug = Bug::of(violation.clone());
        if close == Close::Cut
            && let Some(lasso) = self.lasso(violation)?
        {
            for (arcs, steps) in [(&lasso.way, &mut bug.path), (&lasso.cycle, &mut bug.cycle)] {
                for arc in arcs {
                    steps.push(self.step(ActionId(arc.action))?);
                    bug.taken.push(arc.way as usize);
                }
            }
            return Ok(bug);
        }
        let mut made = self.path.clone();
        if close == Close::Final {
            let at = self.walk.state();
            if let Some(shortened) = shorten(self, &made, violation)? {
                made = shortened.path;
                bug.violation = shortened.violation;
                bug.is_minimal = Some(shortened.is_minimal);
            }
            self.walk.go_to(at);
        }
        for (action, taken) in made {
            bug.path.push(self.step(action)?);
            bug.taken.push(taken);
        }
        Ok(bug)
    }

    /// A step in words.
    fn step(&mut self, action: ActionId) -> Result<Step, Stopped> {
        let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
        let action = self.walk.action(reducer, action)?;
        let rule = reducer.module().statement(action.rule).clone();
        Ok(reader.step(reducer, &rule, &action.values))
    }
}

impl Interpreter {
    /// Makes executions; gives the limit that was reached.
    pub(super) fn make_executions(
        &mut self,
        asked: Asked<'_>,
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
        let nothing_reached = gathering.clone();
        let mut ended = self.make_watched(asked, gathering, report, &made);
        if matches!(ended, Err(Ended::Form)) {
            gathering.clone_from(&nothing_reached);
            let asked = Asked {
                engine: Engine::General,
                ..asked
            };
            ended = self.make_watched(asked, gathering, report, &made);
        }
        if let Some(watcher) = watcher {
            watcher.stop();
        }
        match ended {
            Err(Ended::Limit(stop)) => Some(stop),
            // The general engine knows all forms.
            Ok(()) | Err(Ended::Form) => None,
        }
    }

    fn make_watched(
        &mut self,
        asked: Asked<'_>,
        gathering: &mut Option<Gathering>,
        report: &mut TestReport,
        made: &Arc<Made>,
    ) -> Result<(), Ended> {
        let mut executions = Executions::begin(self, asked)?;
        let mut tally = Tally::new(&asked, made, gathering.take());
        let (outcome, n_states, or_more) = match asked.schedules.strategy {
            Strategy::Depth => {
                let outcome = executions.enumerate(&mut tally);
                let outcome =
                    outcome.or_else(|stopped| executions.end_enumeration(stopped, &mut tally));
                (outcome, executions.walk.n_states(), false)
            }
            _ => {
                let outcome = sample(&mut executions, &mut tally);
                let n_states = tally.states.len();
                (outcome, n_states, n_states >= MOST_COUNTED)
            }
        };
        report.covered = Covered::Schedules {
            schedules: tally.n_schedules,
            buggy: tally.n_buggy,
            steps: tally.n_steps,
            longest: tally.longest,
            states: n_states as u64,
            or_more,
        };
        report.last = Some(tally.last);
        report.bugs = tally.bugs;
        *gathering = tally.gathering;
        outcome
    }

    /// A walk of an engine that knows nothing.
    pub(super) fn walk(&mut self, asked: &Asked<'_>) -> Result<Walk, Ended> {
        self.forget();
        let Asked { bounds, memory, .. } = *asked;
        self.reducer.set_limits(Limits {
            rewrites: bounds.step_limit,
            memory: Some(usize::try_from(memory).unwrap_or(usize::MAX)),
            deadline: asked.deadline,
            interrupt: Some(interrupt::flag()),
        });
        let term = self.builder.build(asked.initial, self.reducer.store_mut());
        match self.reducer.reduce(term) {
            Ok(initial) => {
                let (reducer, violations) = (&mut self.reducer, asked.violations);
                Ok(Walk::new(reducer, initial, violations, asked.engine))
            }
            Err(interrupted) => {
                let stop = self.stop_of(&interrupted, bounds.step_limit, bounds.memory);
                Err(Ended::Limit(stop))
            }
        }
    }
}
