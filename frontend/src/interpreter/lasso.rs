//! What repeats in an execution in which a monitor stays hot.
//!
//! The one idea: a long execution of a small program comes to the same states again and again, and the
//! states and steps that it visited are a graph. If there is a fair cycle in it in which the monitor
//! stays hot, then the shortest way to it and the cycle say in a few steps what took many thousands.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use rewriter::reduction::Interrupted;
use rewriter::search::{ActionId, StateId, Stopped};

use super::executions::Executions;
use super::fairness::{Arc, Graph, fair_cycle};
use super::monitors::{Measured, cools, entries};
use super::observed::Watched;
use crate::report::Violation;
use crate::trace::Heat;

/// An execution that goes on for ever.
pub(super) struct Lasso {
    /// The way to the cycle.
    pub(super) way: Vec<Arc>,
    /// What repeats.
    pub(super) cycle: Vec<Arc>,
}

/// A state that an execution visited.
struct Visited {
    /// The steps that were taken from it.
    arcs: Vec<Arc>,
    /// The machines that could act.
    enabled: BTreeSet<u32>,
    is_scheduling_point: bool,
    /// The number of its steps, if it is left by a fair choice.
    fair_ways: Option<u32>,
    /// The monitor.
    measured: Option<Measured>,
}

/// What an execution visited.
struct Walked<'a, 'b> {
    executions: &'a mut Executions<'b>,
    states: BTreeMap<u32, Visited>,
    /// Whether the monitor becomes cold within a step.
    cooling: HashMap<(u32, u32), bool>,
    entering: Watched,
}

impl Executions<'_> {
    /// What repeats in the execution that was just made, and ends because a monitor is hot.
    pub(super) fn lasso(&mut self, violation: &Violation) -> Result<Option<Lasso>, Stopped> {
        let Some(monitor) = self.hot_monitor(violation) else {
            return Ok(None);
        };
        let states = self.visited(monitor)?;
        self.walk.restart();
        let start = self.walk.state().0;
        let is_hot = |visited: &Visited| {
            let heat = visited.measured.map(|measured| measured.heat);
            matches!(heat, Some(Heat::Hot | Heat::Warm))
        };
        let within = states.iter().filter(|(_, visited)| is_hot(visited));
        let within = within.map(|(state, _)| *state).collect();
        let mut walked = Walked {
            entering: entries(&self.interpreter.reducer),
            executions: self,
            states,
            cooling: HashMap::new(),
        };
        let cycle = fair_cycle(&mut walked, within).map_err(Stopped::Limit)?;
        Ok(cycle.map(|cycle| Lasso {
            way: way(&walked.states, start, cycle.start),
            cycle: cycle.arcs,
        }))
    }

    /// The monitor of which a violation says that it is hot.
    fn hot_monitor(&mut self, violation: &Violation) -> Option<usize> {
        let (mut elements, mut measured) = (Vec::new(), Vec::new());
        let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
        self.walk.elements(reducer, &mut elements);
        (self.monitors).measure(reader, reducer, &elements, &mut measured);
        let found = measured.into_iter().find(|measured| {
            measured.heat == Heat::Hot
                && reader.endless(reducer, measured.element).as_ref() == Some(violation)
        });
        found.map(|measured| measured.monitor)
    }

    /// The states of the execution that was just made. It is made once more.
    fn visited(&mut self, monitor: usize) -> Result<BTreeMap<u32, Visited>, Stopped> {
        let mut states: BTreeMap<u32, Visited> = BTreeMap::new();
        let mut actions = Vec::new();
        self.walk.restart();
        for (action, taken) in self.path.clone() {
            let state = self.walk.state().0;
            self.walk
                .steps(&mut self.interpreter.reducer, &mut actions)?;
            let visited = match states.entry(state) {
                Entry::Occupied(visited) => visited.into_mut(),
                Entry::Vacant(place) => place.insert(self.visit(monitor, &actions)?),
            };
            let machine = self.offer(action)?.machine as u32;
            self.walk.take(&mut self.interpreter.reducer, taken)?;
            let arc = Arc {
                machine,
                target: self.walk.state().0,
                way: taken as u32,
                action: action.0,
            };
            if !visited.arcs.contains(&arc) {
                visited.arcs.push(arc);
            }
        }
        Ok(states)
    }

    /// The present state, from which there are these steps.
    fn visit(&mut self, monitor: usize, actions: &[ActionId]) -> Result<Visited, Stopped> {
        let offers = self.offers(actions)?;
        let (mut elements, mut measured) = (Vec::new(), Vec::new());
        let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
        self.walk.elements(reducer, &mut elements);
        (self.monitors).measure(reader, reducer, &elements, &mut measured);
        let store = reducer.store();
        let mut ready = elements.iter();
        let is_fair = actions.first().is_some_and(|&action| {
            let rule = reducer.module().statement(self.walk.rule(action));
            rule.attributes.metadata.as_deref() == Some("fair")
        });
        Ok(Visited {
            arcs: Vec::new(),
            enabled: offers.iter().map(|offer| offer.machine as u32).collect(),
            is_scheduling_point: ready.any(|&element| reader.is_ready(store, element)),
            fair_ways: is_fair.then_some(actions.len() as u32),
            measured: (measured.into_iter()).find(|measured| measured.monitor == monitor),
        })
    }
}

/// The shortest way between two states.
fn way(states: &BTreeMap<u32, Visited>, from: u32, to: u32) -> Vec<Arc> {
    let mut reached: BTreeMap<u32, (u32, Arc)> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(state) = queue.pop_front() {
        for arc in states
            .get(&state)
            .into_iter()
            .flat_map(|visited| &visited.arcs)
        {
            if arc.target != from && !reached.contains_key(&arc.target) {
                reached.insert(arc.target, (state, *arc));
                queue.push_back(arc.target);
            }
        }
    }
    let mut way = Vec::new();
    let mut at = to;
    while at != from {
        let (before, arc) = reached[&at];
        way.push(arc);
        at = before;
    }
    way.reverse();
    way
}

impl Graph for Walked<'_, '_> {
    fn arcs(&mut self, node: u32) -> Result<Vec<Arc>, Interrupted> {
        Ok(self.states[&node].arcs.clone())
    }

    fn state(&self, node: u32) -> u32 {
        node
    }

    fn is_scheduling_point(&self, state: u32) -> bool {
        self.states[&state].is_scheduling_point
    }

    fn enabled(&mut self, state: u32) -> Result<BTreeSet<u32>, Interrupted> {
        Ok(self.states[&state].enabled.clone())
    }

    fn fair_ways(&mut self, state: u32) -> Result<Option<u32>, Interrupted> {
        Ok(self.states[&state].fair_ways)
    }

    fn n_goals(&self) -> usize {
        1
    }

    fn is_wanted(&self, node: u32, _goal: usize) -> bool {
        let measured = self.states[&node].measured;
        measured.is_some_and(|measured| measured.heat == Heat::Hot)
    }

    fn is_forbidden(&mut self, node: u32, arc: &Arc) -> Result<bool, Interrupted> {
        let Some(measured) = self.states[&node].measured else {
            return Ok(false);
        };
        if let Some(known) = self.cooling.get(&(node, arc.way)) {
            return Ok(*known);
        }
        self.executions.walk.go_to(StateId(node));
        let interpreter = &mut *self.executions.interpreter;
        let (reader, reducer) = (&interpreter.reader, &mut interpreter.reducer);
        let term = self.executions.walk.term(reducer);
        let place = arc.way as usize;
        let is_cold = cools(
            reader,
            reducer,
            &self.entering,
            term,
            place,
            measured.element,
        )?;
        self.cooling.insert((node, arc.way), is_cold);
        Ok(is_cold)
    }
}
