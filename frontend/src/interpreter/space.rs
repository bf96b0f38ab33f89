//! A space that was explored, as a graph in which each step has someone who acts.

use std::collections::{BTreeSet, HashMap};

use rewriter::reduction::{Interrupted, Reducer};
use rewriter::search::{ActionId, Edge, Search, StateId};
use rewriter::term::TermId;

use super::fairness::Arc;
use crate::report::Step;
use crate::trace::Reader;

/// The states of a search and the steps between them.
pub(super) struct Space<'a> {
    pub(super) reader: &'a Reader,
    pub(super) reducer: &'a mut Reducer,
    pub(super) search: &'a mut Search,
    arcs: HashMap<u32, Vec<Arc>>,
    machines: Vec<Option<TermId>>,
    acting: HashMap<ActionId, u32>,
}

impl<'a> Space<'a> {
    pub(super) fn new(
        reader: &'a Reader,
        reducer: &'a mut Reducer,
        search: &'a mut Search,
    ) -> Space<'a> {
        Space {
            reader,
            reducer,
            search,
            arcs: HashMap::new(),
            machines: Vec::new(),
            acting: HashMap::new(),
        }
    }

    /// How many states there are whose steps are known: those with the lowest numbers.
    pub(super) fn n_states(&self) -> u32 {
        self.search.n_expanded() as u32
    }

    /// Writes the elements of a state.
    pub(super) fn elements(&self, state: u32, elements: &mut Vec<TermId>) {
        elements.clear();
        self.search.elements(self.reducer, StateId(state), elements);
    }

    /// The steps from a state.
    pub(super) fn arcs(&mut self, state: u32) -> Result<Vec<Arc>, Interrupted> {
        if let Some(arcs) = self.arcs.get(&state) {
            return Ok(arcs.clone());
        }
        let mut edges: Vec<Edge> = Vec::new();
        self.search
            .edges(self.reducer, StateId(state), &mut edges)?;
        let mut arcs = Vec::with_capacity(edges.len());
        for (way, edge) in edges.into_iter().enumerate() {
            arcs.push(Arc {
                machine: self.acting(edge.action)?,
                target: edge.target.0,
                way: way as u32,
                action: edge.action.0,
            });
        }
        self.arcs.insert(state, arcs.clone());
        Ok(arcs)
    }

    /// The machines that may act in a state.
    pub(super) fn enabled(&mut self, state: u32) -> Result<BTreeSet<u32>, Interrupted> {
        Ok(self.arcs(state)?.iter().map(|arc| arc.machine).collect())
    }

    /// The number of steps from a state that is left by a fair choice.
    pub(super) fn fair_ways(&mut self, state: u32) -> Result<Option<u32>, Interrupted> {
        let arcs = self.arcs(state)?;
        let module = self.reducer.module();
        let is_fair = arcs.iter().any(|arc| {
            let rule = module.statement(self.search.rule(ActionId(arc.action)));
            rule.attributes.metadata.as_deref() == Some("fair")
        });
        Ok(is_fair.then_some(arcs.len() as u32))
    }

    /// A step in words.
    pub(super) fn step(&mut self, action: u32) -> Result<Step, Interrupted> {
        let action = self.search.action(self.reducer, ActionId(action))?;
        let rule = self.reducer.module().statement(action.rule).clone();
        Ok(self.reader.step(self.reducer, &rule, &action.values))
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
