//! Liveness: a monitor that is hot again and again, and from some point on never cold, in a fair
//! infinite execution.
//!
//! The one idea: in a finite graph such an execution goes round a cycle. Among the states in which the
//! monitor is not cold, a fair cycle is looked for that visits a hot one; the way to it and the cycle
//! are the counterexample.
//!
//! A monitor may become cold and hot again within one step. Nothing of that is seen in the states, so
//! the steps of a cycle that was found are made once more, and every entry of a state is looked at.

use std::collections::{BTreeSet, HashMap};

use rewriter::reduction::Interrupted;
use rewriter::search::{ActionId, Search, StateId};
use rewriter::term::TermId;

use super::Interpreter;
use super::fairness::{Arc, Graph, fair_cycle};
use super::monitors::{Measured, Monitors, cools, entries};
use super::observed::Watched;
use super::space::{Space, taken};
use crate::report::{Bug, Step};
use crate::trace::Heat;

/// The states of a search as monitors see them.
struct Explored<'a> {
    space: Space<'a>,
    monitors: Monitors,
    /// For each state, which of `classes` it is.
    class_of: Vec<u32>,
    /// How all monitors are, and whether the state is a scheduling point.
    classes: Vec<(Vec<Measured>, bool)>,
    /// Whether the monitor becomes cold in an action, by the action and all monitors before it.
    cooling: HashMap<(ActionId, u32), bool>,
    /// The monitor that is looked at.
    monitor: usize,
    entering: Watched,
}

impl Interpreter {
    /// The monitors of an explored space that are hot for ever in some fair execution.
    pub(super) fn endless(
        &mut self,
        search: &mut Search,
        all: bool,
    ) -> Result<Vec<Bug>, Interrupted> {
        let entering = entries(&self.reducer);
        let space = Space::new(&self.reader, &mut self.reducer, search);
        let mut explored = Explored::new(space, entering);
        let mut bugs = Vec::new();
        for monitor in 0..explored.monitors.len() {
            bugs.extend(explored.endless(monitor)?);
            if !bugs.is_empty() && !all {
                break;
            }
        }
        Ok(bugs)
    }
}

impl<'a> Explored<'a> {
    fn new(space: Space<'a>, entering: Watched) -> Explored<'a> {
        let mut explored = Explored {
            space,
            monitors: Monitors::default(),
            class_of: Vec::new(),
            classes: Vec::new(),
            cooling: HashMap::new(),
            monitor: 0,
            entering,
        };
        let mut known: HashMap<(Vec<TermId>, bool), u32> = HashMap::new();
        let mut elements = Vec::new();
        let mut measured = Vec::new();
        for state in 0..explored.space.n_states() {
            explored.space.elements(state, &mut elements);
            let space = &mut explored.space;
            (explored.monitors).measure(space.reader, space.reducer, &elements, &mut measured);
            measured.sort_by_key(|measured: &Measured| measured.monitor);
            let store = space.reducer.store();
            let is_ready = elements
                .iter()
                .any(|&element| space.reader.is_ready(store, element));
            let key: Vec<TermId> = measured.iter().map(|measured| measured.element).collect();
            let classes = &mut explored.classes;
            let class = *known.entry((key, is_ready)).or_insert_with(|| {
                classes.push((measured.clone(), is_ready));
                classes.len() as u32 - 1
            });
            explored.class_of.push(class);
        }
        explored
    }

    /// The monitor that is looked at, in a state.
    fn measured(&self, state: u32) -> Option<Measured> {
        let (measured, _) = &self.classes[*self.class_of.get(state as usize)? as usize];
        let found = measured.iter().find(|other| other.monitor == self.monitor);
        found.copied()
    }

    fn heat(&self, state: u32) -> Option<Heat> {
        self.measured(state).map(|measured| measured.heat)
    }

    /// The shortest way to a fair cycle in which a monitor is hot and never cold.
    fn endless(&mut self, monitor: usize) -> Result<Option<Bug>, Interrupted> {
        self.monitor = monitor;
        self.cooling.clear();
        let states = 0..self.class_of.len() as u32;
        let burning: Vec<u32> = states
            .filter(|&state| matches!(self.heat(state), Some(Heat::Hot | Heat::Warm)))
            .collect();
        if !burning.iter().any(|&state| self.is_wanted(state, 0)) {
            return Ok(None);
        }
        let Some(cycle) = fair_cycle(self, burning)? else {
            return Ok(None);
        };
        let states = std::iter::once(cycle.start).chain(cycle.arcs.iter().map(|arc| arc.target));
        let hot = states
            .filter(|&state| self.is_wanted(state, 0))
            .find_map(|state| self.measured(state));
        let space = &mut self.space;
        let Some(violation) = hot.and_then(|hot| space.reader.endless(space.reducer, hot.element))
        else {
            return Ok(None);
        };
        let start = StateId(cycle.start);
        let mut taken = taken(space.search, space.reducer, start)?;
        let mut steps: Vec<Step> = Vec::with_capacity(cycle.arcs.len());
        for arc in &cycle.arcs {
            taken.push(arc.way as usize);
            steps.push(space.step(arc.action)?);
        }
        Ok(Some(Bug {
            path: space.reader.path(space.reducer, space.search, start),
            cycle: steps,
            taken,
            ..Bug::of(violation)
        }))
    }
}

impl Graph for Explored<'_> {
    fn arcs(&mut self, node: u32) -> Result<Vec<Arc>, Interrupted> {
        self.space.arcs(node)
    }

    fn state(&self, node: u32) -> u32 {
        node
    }

    fn is_scheduling_point(&self, state: u32) -> bool {
        self.classes[self.class_of[state as usize] as usize].1
    }

    fn enabled(&mut self, state: u32) -> Result<BTreeSet<u32>, Interrupted> {
        self.space.enabled(state)
    }

    fn fair_ways(&mut self, state: u32) -> Result<Option<u32>, Interrupted> {
        self.space.fair_ways(state)
    }

    fn n_goals(&self) -> usize {
        1
    }

    fn is_wanted(&self, node: u32, _goal: usize) -> bool {
        self.heat(node) == Some(Heat::Hot)
    }

    fn is_forbidden(&mut self, node: u32, arc: &Arc) -> Result<bool, Interrupted> {
        let key = (ActionId(arc.action), self.class_of[node as usize]);
        if let Some(known) = self.cooling.get(&key) {
            return Ok(*known);
        }
        let Some(element) = self.measured(node).map(|measured| measured.element) else {
            return Ok(false);
        };
        let space = &mut self.space;
        let term = space.search.term(space.reducer, StateId(node));
        let place = arc.way as usize;
        let is_cold = cools(
            space.reader,
            space.reducer,
            &self.entering,
            term,
            place,
            element,
        )?;
        self.cooling.insert(key, is_cold);
        Ok(is_cold)
    }
}
