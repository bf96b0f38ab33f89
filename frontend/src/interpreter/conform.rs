//! Whether a recorded trace is a behavior: a search for an execution that shows it.
//!
//! The one idea: a node is a configuration and how much of the trace has been shown on the way to it.
//! A step leads on if what happens in it is what the trace says next; several may, where the trace
//! does not say what was chosen, and each is tried, depth first, every node once. How far anybody
//! came, and what could be shown there, is remembered: it is the answer if nobody comes to the end.
//!
//! Left out on purpose: the bound on the heat of monitors, which says something of the checker.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::time::{Duration, Instant};

use rewriter::reduction::{Interrupted, Limits, NormalForm};
use rewriter::term::TermId;
use serde_json::Value;

use super::Interpreter;
use super::observed::Watched;
use super::story::Unfolded;
use crate::interrupt;
use crate::lower::Tree;
use crate::replay::Entry;
use crate::report::Stop;
use crate::trace::happening::Happening;
use crate::trace::json;

/// How far is searched.
#[derive(Clone, Copy, Debug)]
pub struct ConformBounds {
    /// The most configurations.
    pub states: u64,
    /// The longest time.
    pub timeout: Option<Duration>,
    /// The most rewrites of one step.
    pub step_limit: u64,
}

/// What is said of a trace.
#[derive(Clone, Debug, PartialEq)]
pub enum Conformance {
    /// Some execution of so many steps shows all of it.
    Behavior {
        /// The steps.
        n_steps: usize,
    },
    /// No execution shows all of it.
    None {
        /// How many entries some execution shows.
        n_shown: usize,
        /// What could be shown next instead of what the trace says.
        possible: Vec<Entry>,
        /// Whether some execution ends there.
        can_end: bool,
    },
    /// A limit was reached.
    Limit(Stop),
}

/// The most alternatives that are told.
const MOST_TOLD: usize = 12;

/// A configuration on the way, and the steps from it that lead on.
struct Node {
    leading: Vec<(NormalForm, usize)>,
    /// Whether nobody can act: what leads on is no step.
    is_end: bool,
}

/// What comes after a configuration.
struct Unfolding {
    steps: Vec<Unfolded>,
    /// Whether nobody can act: what is told then is no step.
    is_end: bool,
}

/// What is known of configurations, for all traces.
type Known = HashMap<TermId, Rc<Unfolding>>;

struct Conforming<'a> {
    entries: &'a [Entry],
    seen: HashSet<(TermId, usize)>,
    /// How many entries were shown by whoever came furthest.
    furthest: usize,
    possible: Vec<Entry>,
    can_end: bool,
    /// Monitors with states of theirs that are hot.
    hot: HashSet<(String, String)>,
}

impl Interpreter {
    /// Searches for an execution that shows a trace, for each of several.
    pub fn conform(
        &mut self,
        initial: &Tree,
        traces: &[Vec<Entry>],
        bounds: &ConformBounds,
    ) -> Vec<Conformance> {
        let watched = self.watched();
        let beginning = self.beginning(&watched, initial);
        let mut known = Known::new();
        let judge = |trace: &Vec<Entry>| {
            let judged = match &beginning {
                Ok(beginning) => self.conforming(&watched, &mut known, beginning, trace, bounds),
                Err(interrupted) => Err(interrupted.clone()),
            };
            judged.unwrap_or_else(|interrupted| {
                Conformance::Limit(self.stop_of(&interrupted, bounds.step_limit, u64::MAX))
            })
        };
        traces.iter().map(judge).collect()
    }

    fn conforming(
        &mut self,
        watched: &Watched,
        known: &mut Known,
        (happenings, first): &Unfolded,
        entries: &[Entry],
        bounds: &ConformBounds,
    ) -> Result<Conformance, Interrupted> {
        // The checker's verdict on a long execution is no part of the execution; it ends it.
        let all = entries;
        let verdict = all.iter().position(|entry| too_hot(entry).is_some());
        let (entries, after) = all.split_at(verdict.unwrap_or(all.len()));
        let verdict = after.first().and_then(too_hot);
        let mut conforming = Conforming {
            entries,
            seen: HashSet::new(),
            furthest: 0,
            possible: Vec::new(),
            can_end: false,
            hot: HashSet::new(),
        };
        self.reducer.set_limits(Limits {
            rewrites: bounds.step_limit,
            deadline: bounds
                .timeout
                .and_then(|time| Instant::now().checked_add(time)),
            interrupt: Some(interrupt::flag()),
            ..Limits::default()
        });
        let mut path: Vec<Node> = Vec::new();
        if let Some(shown) = conforming.shown(happenings, 0) {
            path.push(Node {
                leading: vec![(*first, shown)],
                is_end: false,
            });
        }
        while let Some(node) = path.last_mut() {
            let Some((state, shown)) = node.leading.pop() else {
                path.pop();
                continue;
            };
            let is_end = node.is_end;
            if shown == entries.len() {
                let n_steps = path.len() - 1 - usize::from(is_end);
                if !verdict.is_none_or(|verdict| conforming.is_hot(verdict)) {
                    continue;
                }
                return Ok(match after {
                    [] | [_] => Conformance::Behavior { n_steps },
                    [..] => Conformance::None {
                        n_shown: shown + 1,
                        possible: Vec::new(),
                        can_end: false,
                    },
                });
            }
            if !conforming.seen.insert((state.term(), shown)) {
                continue;
            }
            if conforming.seen.len() as u64 > bounds.states {
                return Ok(Conformance::Limit(Stop {
                    name: "states",
                    message: format!("{} configurations were seen", bounds.states),
                    place: None,
                }));
            }
            let unfolding = match known.get(&state.term()) {
                Some(unfolding) => Rc::clone(unfolding),
                None => {
                    let unfolding = Rc::new(self.unfolding(watched, state)?);
                    known.insert(state.term(), Rc::clone(&unfolding));
                    unfolding
                }
            };
            let Unfolding { steps, is_end } = &*unfolding;
            conforming.can_end |= steps.is_empty() && shown == conforming.furthest;
            // The first step is tried first.
            let mut leading: Vec<(NormalForm, usize)> = Vec::new();
            for (happenings, target) in steps {
                if let Some(shown) = conforming.shown(happenings, shown) {
                    leading.push((*target, shown));
                }
            }
            leading.reverse();
            path.push(Node {
                leading,
                is_end: *is_end,
            });
        }
        Ok(Conformance::None {
            n_shown: conforming.furthest,
            possible: conforming.possible,
            can_end: conforming.can_end,
        })
    }

    /// What is possible in a configuration, or what is wrong if nothing is.
    fn unfolding(
        &mut self,
        watched: &Watched,
        state: NormalForm,
    ) -> Result<Unfolding, Interrupted> {
        let mut steps = self.unfolded(watched, state)?;
        let is_end = steps.is_empty();
        if is_end {
            steps = self.end(state);
        }
        Ok(Unfolding { steps, is_end })
    }

    /// What is said where nobody can act: what is wrong, if something is.
    fn end(&mut self, state: NormalForm) -> Vec<Unfolded> {
        let violation = self.reader.violation(&mut self.reducer, state.term());
        let told = violation.map(|violation| {
            let message = violation.message;
            (vec![Happening::Failed { message }], state)
        });
        told.into_iter().collect()
    }
}

impl Conforming<'_> {
    /// How much of the trace is shown after a step, if the step shows what the trace says next. A
    /// trace may end within a step.
    fn shown(&mut self, happenings: &[Happening], before: usize) -> Option<usize> {
        let mut shown = before;
        for happening in happenings {
            if let Happening::MonitorEntered {
                monitor,
                state,
                is_hot: Some(true),
            } = happening
            {
                self.hot.insert((monitor.clone(), state.clone()));
            }
        }
        for value in happenings.iter().flat_map(json::entries) {
            let Some(ours) = Entry::read(&value) else {
                continue;
            };
            let Some(theirs) = self.entries.get(shown) else {
                return Some(shown);
            };
            if theirs.fits(&ours) {
                shown += 1;
                self.reached(shown);
            } else if !is_silent(&ours) {
                self.missed(shown, ours);
                return None;
            }
        }
        Some(shown)
    }

    /// Whether the monitor is in the state at the end of the trace, and the state is hot.
    fn is_hot(&self, (monitor, state): (&str, &str)) -> bool {
        let entered = self.entries.iter().rev().find(|entry| {
            let is_entry = entry.members.get("isEntry").and_then(Value::as_bool);
            let of = entry.members.get("monitor").and_then(Value::as_str);
            is_entry == Some(true) && of == Some(monitor)
        });
        let is_there = entered
            .is_some_and(|entry| entry.members.get("state").and_then(Value::as_str) == Some(state));
        is_there && self.hot.contains(&(monitor.to_owned(), state.to_owned()))
    }

    fn reached(&mut self, shown: usize) {
        if shown > self.furthest {
            self.furthest = shown;
            self.possible.clear();
            self.can_end = false;
        }
    }

    /// Something else is shown than the trace says.
    fn missed(&mut self, shown: usize, ours: Entry) {
        let is_new = shown == self.furthest && !self.possible.contains(&ours);
        if is_new && self.possible.len() < MOST_TOLD {
            self.possible.push(ours);
        }
    }
}

/// The monitor and the state of which an entry says that it was hot for too long.
fn too_hot(entry: &Entry) -> Option<(&str, &str)> {
    let error = entry
        .members
        .get("error")
        .filter(|_| entry.kind == "AssertionFailure");
    let (monitor, rest) = error?
        .as_str()?
        .split_once(" detected potential liveness bug in hot state '")?;
    Some((monitor, rest.split('\'').next()?))
}

/// Whether versions of the checker leave an entry out: that of the main machine's creation.
fn is_silent(ours: &Entry) -> bool {
    ours.kind == "CreateStateMachine" && !ours.members.contains_key("creatorName")
}
