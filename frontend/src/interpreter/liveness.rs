//! Liveness: a monitor that is hot again and again, and from some point on never cold, in a fair
//! infinite execution.
//!
//! The one idea: in a finite graph such an execution goes round a cycle. Among the states in which the
//! monitor is not cold, a fair cycle is looked for that visits a hot one; the way to it and the cycle
//! are the counterexample.
//!
//! A monitor may become cold and hot again within one step. Nothing of that is seen in the states, so
//! the steps of a cycle that was found are made once more, and every entry of a state is looked at.

use std::collections::HashMap;

use rewriter::reduction::{Interrupted, Reducer};
use rewriter::search::{ActionId, Edge, Search, StateId};
use rewriter::term::TermId;

use super::Interpreter;
use super::fairness::{Arc, Graph, fair_cycle};
use super::monitors::{Measured, Monitors, cools, entries};
use super::observed::Watched;
use crate::report::{Bug, Step};
use crate::trace::{Heat, Reader};

/// The states of a search as monitors see them.
struct Explored<'a> {
    reader: &'a Reader,
    reducer: &'a mut Reducer,
    search: &'a mut Search,
    monitors: Monitors,
    /// For each state, which of `temperatures` it is.
    class_of: Vec<u32>,
    /// How all monitors are, and whether the state is a scheduling point.
    classes: Vec<(Vec<Measured>, bool)>,
    arcs: HashMap<u32, Vec<Arc>>,
    machines: Vec<Option<TermId>>,
    acting: HashMap<ActionId, u32>,
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
        let mut explored = Explored::new(&self.reader, &mut self.reducer, search)?;
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
    fn new(
        reader: &'a Reader,
        reducer: &'a mut Reducer,
        search: &'a mut Search,
    ) -> Result<Explored<'a>, Interrupted> {
        let entering = entries(reducer);
        let mut explored = Explored {
            reader,
            reducer,
            search,
            monitors: Monitors::default(),
            class_of: Vec::new(),
            classes: Vec::new(),
            arcs: HashMap::new(),
            machines: Vec::new(),
            acting: HashMap::new(),
            cooling: HashMap::new(),
            monitor: 0,
            entering,
        };
        let mut known: HashMap<(Vec<TermId>, bool), u32> = HashMap::new();
        let mut elements = Vec::new();
        let mut measured = Vec::new();
        for state in 0..explored.search.n_expanded() {
            elements.clear();
            let state = StateId(state as u32);
            explored
                .search
                .elements(explored.reducer, state, &mut elements);
            (explored.monitors).measure(reader, explored.reducer, &elements, &mut measured);
            measured.sort_by_key(|measured: &Measured| measured.monitor);
            let store = explored.reducer.store();
            let is_ready = elements
                .iter()
                .any(|&element| reader.is_ready(store, element));
            let key: Vec<TermId> = measured.iter().map(|measured| measured.element).collect();
            let classes = &mut explored.classes;
            let class = *known.entry((key, is_ready)).or_insert_with(|| {
                classes.push((measured.clone(), is_ready));
                classes.len() as u32 - 1
            });
            explored.class_of.push(class);
        }
        Ok(explored)
    }

    fn heat(&self, state: u32) -> Option<Heat> {
        let (measured, _) = &self.classes[*self.class_of.get(state as usize)? as usize];
        let found = measured.iter().find(|other| other.monitor == self.monitor);
        found.map(|measured| measured.heat)
    }

    /// The shortest way to a fair cycle in which a monitor is hot and never cold.
    fn endless(&mut self, monitor: usize) -> Result<Option<Bug>, Interrupted> {
        self.monitor = monitor;
        self.cooling.clear();
        let states = 0..self.class_of.len() as u32;
        let burning: Vec<u32> = states
            .filter(|&state| matches!(self.heat(state), Some(Heat::Hot | Heat::Warm)))
            .collect();
        if !burning.iter().any(|&state| self.is_wanted(state)) {
            return Ok(None);
        }
        let Some(cycle) = fair_cycle(self, burning)? else {
            return Ok(None);
        };
        let states = std::iter::once(cycle.start).chain(cycle.arcs.iter().map(|arc| arc.target));
        let hot = states
            .filter(|&state| self.is_wanted(state))
            .find_map(|state| {
                let (measured, _) = &self.classes[self.class_of[state as usize] as usize];
                measured
                    .iter()
                    .find(|other| other.monitor == monitor)
                    .copied()
            });
        let Some(violation) = hot.and_then(|hot| self.reader.endless(self.reducer, hot.element))
        else {
            return Ok(None);
        };
        let start = StateId(cycle.start);
        let mut taken = taken(self.search, self.reducer, start)?;
        let mut steps: Vec<Step> = Vec::with_capacity(cycle.arcs.len());
        let mut state = cycle.start;
        for arc in &cycle.arcs {
            let place = self.arcs(state)?.iter().position(|other| other == arc);
            taken.extend(place);
            state = arc.target;
            let action = self.search.action(self.reducer, ActionId(arc.action))?;
            let rule = self.reducer.module().statement(action.rule).clone();
            steps.push(self.reader.step(self.reducer, &rule, &action.values));
        }
        Ok(Some(Bug {
            violation,
            schedule: None,
            length: None,
            is_minimal: None,
            changes: Vec::new(),
            path: self.reader.path(self.reducer, self.search, start),
            cycle: steps,
            taken,
        }))
    }

    /// The number of the machine that acts.
    fn acting(&mut self, action: ActionId) -> Result<u32, Interrupted> {
        if let Some(machine) = self.acting.get(&action) {
            return Ok(*machine);
        }
        let found = self.search.action(self.reducer, action)?;
        let rule = self.reducer.module().statement(found.rule);
        let machine = Reader::value(rule, &found.values, "Self");
        let number = match self.machines.iter().position(|other| *other == machine) {
            Some(number) => number,
            None => {
                self.machines.push(machine);
                self.machines.len() - 1
            }
        };
        self.acting.insert(action, number as u32);
        Ok(number as u32)
    }
}

/// For each step of the shortest way to a state, which of the possible ones it is.
pub(super) fn taken(
    search: &Search,
    reducer: &mut Reducer,
    state: StateId,
) -> Result<Vec<usize>, Interrupted> {
    let steps = search.path(state).into_iter();
    steps.map(|step| search.place(reducer, &step)).collect()
}

impl Graph for Explored<'_> {
    fn arcs(&mut self, state: u32) -> Result<Vec<Arc>, Interrupted> {
        if let Some(arcs) = self.arcs.get(&state) {
            return Ok(arcs.clone());
        }
        let mut edges: Vec<Edge> = Vec::new();
        self.search
            .edges(self.reducer, StateId(state), &mut edges)?;
        let mut arcs = Vec::with_capacity(edges.len());
        for edge in edges {
            arcs.push(Arc {
                machine: self.acting(edge.action)?,
                target: edge.target.0,
                action: edge.action.0,
            });
        }
        self.arcs.insert(state, arcs.clone());
        Ok(arcs)
    }

    fn is_scheduling_point(&self, state: u32) -> bool {
        self.classes[self.class_of[state as usize] as usize].1
    }

    fn is_fair_choice(&mut self, state: u32) -> Result<bool, Interrupted> {
        let arcs = self.arcs(state)?;
        let module = self.reducer.module();
        Ok(arcs.iter().any(|arc| {
            let rule = module.statement(self.search.rule(ActionId(arc.action)));
            rule.attributes.metadata.as_deref() == Some("fair")
        }))
    }

    fn is_wanted(&self, state: u32) -> bool {
        self.heat(state) == Some(Heat::Hot)
    }

    fn is_forbidden(&mut self, state: u32, arc: &Arc) -> Result<bool, Interrupted> {
        let key = (ActionId(arc.action), self.class_of[state as usize]);
        if let Some(known) = self.cooling.get(&key) {
            return Ok(*known);
        }
        let arcs = self.arcs(state)?;
        let place = arcs.iter().position(|other| other == arc);
        let (measured, _) = &self.classes[self.class_of[state as usize] as usize];
        let found = measured.iter().find(|other| other.monitor == self.monitor);
        let Some(element) = found.map(|measured| measured.element) else {
            return Ok(false);
        };
        let term = self.search.term(self.reducer, StateId(state));
        let (reader, place) = (self.reader, place.unwrap_or(0));
        let is_cold = cools(reader, self.reducer, &self.entering, term, place, element)?;
        self.cooling.insert(key, is_cold);
        Ok(is_cold)
    }
}
