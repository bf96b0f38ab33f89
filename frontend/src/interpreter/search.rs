//! Searching: the engine's outcome as a report.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use rewriter::reduction::{Interrupted, Limits, Reason};
use rewriter::search::{self, Outcome as EngineOutcome, Search, Statistics};

use super::progress::Watcher;
use super::{Goal, Interpreter};
use crate::interrupt;
use crate::lower::Tree;
use crate::query::Arrow;
use crate::report::{
    Binding, EngineReport, Outcome, Place, SearchReport, Solution, Stop, Violation,
};

/// How far a search goes.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Stop after this many solutions.
    pub solutions: u64,
    /// Look no further than this many steps.
    pub depth: Option<u64>,
    /// Stop after this many states.
    pub states: Option<u64>,
    /// Stop when the engine holds this many bytes.
    pub memory: u64,
    /// Stop after this time.
    pub timeout: Option<Duration>,
    /// Stop when one step takes this many rewrites.
    pub step_limit: u64,
    /// How successors are found.
    pub engine: search::Engine,
    /// Threads that search together.
    pub threads: usize,
}

impl Interpreter {
    /// Sets what ends an exploration: rewrites of one step, bytes, time from now on.
    pub(super) fn set_bounds(&mut self, step_limit: u64, memory: u64, timeout: Option<Duration>) {
        self.reducer.set_limits(Limits {
            rewrites: step_limit,
            memory: Some(usize::try_from(memory).unwrap_or(usize::MAX)),
            deadline: timeout.map(|timeout| Instant::now() + timeout),
            interrupt: Some(interrupt::flag()),
        });
    }

    /// Searches; `progress` shows on standard error how far it is.
    pub fn search(
        &mut self,
        initial: &Tree,
        goal: &Goal,
        bounds: &Bounds,
        progress: bool,
    ) -> SearchReport {
        self.set_bounds(bounds.step_limit, bounds.memory, bounds.timeout);
        let term = self.builder.build(initial, self.reducer.store_mut());
        let initial = match self.reducer.reduce(term) {
            Ok(initial) => initial,
            Err(interrupted) => {
                let stop = self.stop_of(&interrupted, bounds.step_limit, bounds.memory);
                return report(
                    Outcome::Limit,
                    Statistics::default(),
                    Some(stop),
                    Vec::new(),
                );
            }
        };
        let mut search = Search::new(
            initial,
            engine_arrow(goal.arrow),
            goal.goal.clone(),
            search::Bounds {
                solutions: Some(bounds.solutions),
                depth: bounds.depth,
                states: bounds.states,
            },
        );
        search.set_engine(bounds.engine);
        search.set_threads(bounds.threads);
        let watcher = progress.then(|| Watcher::start(&mut search));
        let mut found: Vec<search::Solution> = Vec::new();
        let outcome = search.run(&mut self.reducer, &mut |_, _, solution| {
            found.push(solution.clone());
            ControlFlow::Continue(())
        });
        if let Some(watcher) = watcher {
            watcher.stop();
        }
        let statistics = search.statistics();
        let engine = EngineReport::from(search.engine_statistics(&self.reducer));
        // What is printed of a solution is not part of the search: it has its own limits.
        self.reducer.set_limits(Limits::default());
        let solutions: Vec<Solution> = found
            .iter()
            .map(|solution| self.solution(&search, goal, solution))
            .collect();
        let (outcome, stop) = match outcome {
            EngineOutcome::Exhausted | EngineOutcome::Solutions if !solutions.is_empty() => {
                (Outcome::Found, None)
            }
            EngineOutcome::Exhausted | EngineOutcome::Solutions => (Outcome::Exhausted, None),
            EngineOutcome::Depth => (
                found_or_limit(&solutions),
                Some(Stop {
                    name: "depth",
                    message: format!(
                        "all configurations within {} steps were looked at, and there may be more beyond",
                        bounds.depth.unwrap_or_default()
                    ),
                    place: None,
                }),
            ),
            EngineOutcome::States => (
                found_or_limit(&solutions),
                Some(Stop {
                    name: "states",
                    message: format!("{} configurations were looked at", statistics.states),
                    place: None,
                }),
            ),
            EngineOutcome::Interrupted(interrupted) => (
                found_or_limit(&solutions),
                Some(self.stop_of(&interrupted, bounds.step_limit, bounds.memory)),
            ),
        };
        SearchReport {
            engine: Some(engine),
            ..report(outcome, statistics, stop, solutions)
        }
    }

    fn solution(&mut self, search: &Search, goal: &Goal, solution: &search::Solution) -> Solution {
        let term = solution.term;
        let violation = self.reader.violation(&mut self.reducer, term);
        let bindings = if goal.is_proposition {
            Vec::new()
        } else {
            goal.goal
                .variables
                .iter()
                .zip(&solution.substitution)
                .map(|(variable, value)| Binding {
                    variable: variable.name.to_string(),
                    value: self.module.print(self.reducer.store(), *value),
                })
                .collect()
        };
        Solution {
            state: u64::from(solution.state.0),
            violation,
            bindings,
            path: self.reader.path(&mut self.reducer, search, solution.state),
        }
    }

    pub(super) fn stop_of(
        &mut self,
        interrupted: &Interrupted,
        step_limit: u64,
        memory: u64,
    ) -> Stop {
        match interrupted.reason {
            Reason::Rewrites => {
                if let Some(violation) = self.never_pauses(interrupted) {
                    let Violation {
                        file, line, column, ..
                    } = violation;
                    let place = (line > 0).then_some(Place { file, line, column });
                    return Stop {
                        name: "steps",
                        message: violation.message.trim_end_matches('.').to_owned()
                            + &near(place.as_ref()),
                        place,
                    };
                }
                let at = interrupted
                    .redex
                    .and_then(|redex| self.reader.running(&mut self.reducer, redex));
                let machine = at
                    .as_ref()
                    .map_or("a machine", |(machine, _)| machine.as_str());
                Stop {
                    name: "steps",
                    message: format!(
                        "{machine} did not reach a scheduling point in {} rewrites{}",
                        step_limit,
                        near(at.as_ref().and_then(|(_, place)| place.as_ref()))
                    ),
                    place: at.and_then(|(_, place)| place),
                }
            }
            Reason::Memory => Stop {
                name: "memory",
                message: format!("the search holds more than {memory} bytes"),
                place: None,
            },
            Reason::Deadline => Stop {
                name: "timeout",
                message: "the time is up".to_owned(),
                place: None,
            },
            Reason::Interrupt => Stop {
                name: "interrupt",
                message: "the search was interrupted".to_owned(),
                place: None,
            },
            Reason::Nesting => Stop {
                name: "nesting",
                message: "conditions of rules search within searches too deeply".to_owned(),
                place: None,
            },
        }
    }
}

fn near(place: Option<&Place>) -> String {
    place.map_or_else(String::new, |place| {
        format!(", near {}:{}:{}", place.file, place.line, place.column)
    })
}

fn found_or_limit(solutions: &[Solution]) -> Outcome {
    if solutions.is_empty() {
        Outcome::Limit
    } else {
        Outcome::Found
    }
}

fn engine_arrow(arrow: Arrow) -> search::Arrow {
    match arrow {
        Arrow::One => search::Arrow::One,
        Arrow::Plus => search::Arrow::Plus,
        Arrow::Star => search::Arrow::Star,
        Arrow::Normal => search::Arrow::Final,
    }
}

fn report(
    outcome: Outcome,
    statistics: Statistics,
    stop: Option<Stop>,
    solutions: Vec<Solution>,
) -> SearchReport {
    let (limit, message, place) = match stop {
        Some(stop) => (Some(stop.name), Some(stop.message), stop.place),
        None => (None, None, None),
    };
    SearchReport {
        outcome,
        engine: None,
        states: statistics.states,
        transitions: statistics.transitions,
        depth: statistics.depth,
        limit,
        message,
        place,
        solutions,
    }
}
