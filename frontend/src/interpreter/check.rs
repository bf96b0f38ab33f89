//! Checking a test: its whole space, and what goes wrong in it.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use rewriter::reduction::{Interrupted, Limits, NormalForm};
use rewriter::search::{self, Outcome as EngineOutcome, Search};

use super::coverage::{Gathering, Goals};
use super::progress::Watcher;
use super::schedules::{Asked, Schedules};
use super::space::taken;
use super::temporal::Property;
use super::{GoalError, Interpreter};
use crate::lower::Tree;
use crate::query::{Arrow, Query};
use crate::report::{Bug, Covered, Stop, TestReport, Verdict};

/// How far a check goes.
#[derive(Clone, Debug)]
pub struct CheckBounds {
    /// Go on after the first bug.
    pub keep_going: bool,
    /// The most steps from the first configuration.
    pub steps: Option<u64>,
    /// The most configurations.
    pub states: Option<u64>,
    /// The most bytes.
    pub memory: u64,
    /// The most time.
    pub timeout: Option<Duration>,
    /// The most rewrites of one step.
    pub step_limit: u64,
    /// How successors are found.
    pub engine: search::Engine,
    /// Threads that search together.
    pub threads: usize,
    /// Which executions to make; none means to explore the whole space.
    pub schedules: Option<Schedules>,
    /// Formulas that all fair executions must satisfy.
    pub properties: Vec<Property>,
    /// Whether the graph of what is explored is wanted.
    pub graph: bool,
    /// Whether to show on standard error how far it is.
    pub progress: bool,
}

impl Interpreter {
    /// Explores all configurations of a test, or makes executions of it; tells what of the goals
    /// was reached.
    ///
    /// # Errors
    /// If the rules do not say what a violation is.
    pub fn check(
        &mut self,
        test: &str,
        initial: &Tree,
        bounds: &CheckBounds,
        goals: Option<&Goals>,
    ) -> Result<TestReport, GoalError> {
        let violations = self.violations()?;
        let mut gathering = goals.map(|goals| Gathering::new(self, goals));
        let mut report = TestReport {
            test: test.to_owned(),
            verdict: Verdict::Undecided,
            covered: Covered::Space {
                states: 0,
                transitions: 0,
                depth: 0,
            },
            limit: None,
            message: None,
            place: None,
            bugs: Vec::new(),
            coverage: None,
            graph: None,
            last: None,
        };
        let stop = match &bounds.schedules {
            None => match self.first(initial, bounds) {
                Ok(initial) => {
                    let gathering = gathering.as_mut();
                    self.explore(initial, violations, bounds, gathering, &mut report)
                }
                Err(stop) => Some(stop),
            },
            Some(schedules) => {
                let now = Instant::now();
                let asked = Asked {
                    initial,
                    violations: &violations,
                    bounds,
                    schedules,
                    engine: bounds.engine,
                    covers: goals.is_some(),
                    deadline: bounds.timeout.and_then(|timeout| now.checked_add(timeout)),
                    memory: bounds.memory,
                };
                self.make_executions(asked, &mut gathering, &mut report)
            }
        };
        report.verdict = match (&stop, report.bugs.is_empty()) {
            (_, false) => Verdict::Bug,
            (Some(_), true) => Verdict::Undecided,
            (None, true) => Verdict::Ok,
        };
        if let Some(stop) = stop {
            report.limit = Some(stop.name);
            report.message = Some(stop.message);
            report.place = stop.place;
        }
        report.coverage = gathering.map(|gathering| gathering.finish(test));
        Ok(report)
    }

    /// The first configuration; the limits hold from now on.
    fn first(&mut self, initial: &Tree, bounds: &CheckBounds) -> Result<NormalForm, Stop> {
        self.forget();
        self.set_bounds(bounds.step_limit, bounds.memory, bounds.timeout);
        let term = self.builder.build(initial, self.reducer.store_mut());
        self.reducer
            .reduce(term)
            .map_err(|interrupted| self.stop_of(&interrupted, bounds.step_limit, bounds.memory))
    }

    /// Searches for violations; gives the limit that was reached.
    fn explore(
        &mut self,
        initial: NormalForm,
        violations: search::Goal,
        bounds: &CheckBounds,
        gathering: Option<&mut Gathering>,
        report: &mut TestReport,
    ) -> Option<Stop> {
        let mut search = Search::new(
            initial,
            search::Arrow::Star,
            violations,
            search::Bounds {
                solutions: (!bounds.keep_going).then_some(1),
                depth: bounds.steps,
                states: bounds.states,
            },
        );
        search.set_engine(bounds.engine);
        search.set_threads(bounds.threads);
        let watcher = bounds.progress.then(|| Watcher::start(&mut search));
        let mut found: Vec<search::Solution> = Vec::new();
        let outcome = search.run(&mut self.reducer, &mut |_, _, solution| {
            found.push(solution.clone());
            ControlFlow::Continue(())
        });
        if let Some(watcher) = watcher {
            watcher.stop();
        }
        let statistics = search.statistics();
        report.covered = Covered::Space {
            states: statistics.states,
            transitions: statistics.transitions,
            depth: statistics.depth,
        };
        let mut never_pauses = None;
        let stop = match outcome {
            EngineOutcome::Exhausted | EngineOutcome::Solutions => None,
            EngineOutcome::Depth => Some(Stop {
                name: "steps",
                message: "there are longer executions".to_owned(),
                place: None,
            }),
            EngineOutcome::States => Some(Stop {
                name: "states",
                message: "there are more configurations".to_owned(),
                place: None,
            }),
            EngineOutcome::Interrupted(interrupted) => {
                never_pauses = self.state_that_never_pauses(&mut search, &interrupted);
                // With a bug the check is done, unless it is to go on.
                let is_limit = never_pauses.is_none() || bounds.keep_going;
                is_limit.then(|| self.stop_of(&interrupted, bounds.step_limit, bounds.memory))
            }
        };
        let nothing_found = found.is_empty() && never_pauses.is_none();
        let (stop, cycles) = self.cycles(&mut search, stop, nothing_found, bounds);
        if stop.as_ref().is_some_and(|stop| stop.name == "timeout") {
            // What was explored can still be told.
            self.set_bounds(bounds.step_limit, bounds.memory, None);
        }
        let found_states: Vec<_> = found.iter().map(|solution| solution.state).collect();
        let stop = match gathering {
            None => stop,
            Some(gathering) => match self.cover(&mut search, &found_states, gathering) {
                Ok(()) => stop,
                Err(interrupted) => {
                    let (steps, memory) = (bounds.step_limit, bounds.memory);
                    stop.or_else(|| Some(self.stop_of(&interrupted, steps, memory)))
                }
            },
        };
        let stop = if bounds.graph {
            match self.graph(&mut search, &found_states) {
                Ok(graph) => {
                    report.graph = Some(graph);
                    stop
                }
                Err(interrupted) => {
                    let (steps, memory) = (bounds.step_limit, bounds.memory);
                    stop.or_else(|| Some(self.stop_of(&interrupted, steps, memory)))
                }
            }
        } else {
            stop
        };
        // What is printed of a bug is not part of the search: it has its own limits.
        self.reducer.set_limits(Limits::default());
        for solution in &found {
            let Some(violation) = self.reader.violation(&mut self.reducer, solution.term) else {
                continue;
            };
            if report.bugs.iter().any(|bug| bug.violation == violation) {
                continue;
            }
            let taken = taken(&search, &mut self.reducer, solution.state);
            report.bugs.push(Bug {
                path: self.reader.path(&mut self.reducer, &search, solution.state),
                taken: taken.unwrap_or_default(),
                ..Bug::of(violation)
            });
        }
        if let Some((state, violation)) = never_pauses {
            let taken = taken(&search, &mut self.reducer, state);
            report.bugs.push(Bug {
                path: self.reader.path(&mut self.reducer, &search, state),
                taken: taken.unwrap_or_default(),
                ..Bug::of(violation)
            });
        }
        report.bugs.extend(cycles);
        stop
    }

    /// Looks for fair cycles in what was explored; gives the limit that was reached, and the bugs.
    fn cycles(
        &mut self,
        search: &mut Search,
        stop: Option<Stop>,
        nothing_found: bool,
        bounds: &CheckBounds,
    ) -> (Option<Stop>, Vec<Bug>) {
        let is_out_of_time = stop.as_ref().is_some_and(|stop| stop.name == "timeout");
        if (!nothing_found && !bounds.keep_going) || is_out_of_time {
            return (stop, Vec::new());
        }
        match self.infinite(search, bounds) {
            Ok(bugs) => (stop, bugs),
            Err(interrupted) => {
                let (steps, memory) = (bounds.step_limit, bounds.memory);
                let reached = self.stop_of(&interrupted, steps, memory);
                (stop.or(Some(reached)), Vec::new())
            }
        }
    }

    /// What goes wrong in infinite executions.
    fn infinite(
        &mut self,
        search: &mut Search,
        bounds: &CheckBounds,
    ) -> Result<Vec<Bug>, Interrupted> {
        let mut bugs = self.endless(search, bounds.keep_going)?;
        for property in &bounds.properties {
            if !bugs.is_empty() && !bounds.keep_going {
                break;
            }
            bugs.extend(self.violating(search, property)?);
        }
        Ok(bugs)
    }

    /// What a search for violations asks for.
    fn violations(&self) -> Result<search::Goal, GoalError> {
        let query = Query {
            arrow: Arrow::Star,
            pattern: "violation".to_owned(),
            condition: None,
        };
        Ok(self.goal(&query)?.goal)
    }
}
