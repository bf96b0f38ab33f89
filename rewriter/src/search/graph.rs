//! The graph that a search explored: the steps between its states, and what the states consist of.
//!
//! The one idea: a search keeps states and not the steps between them. Who wants the steps opens the
//! states again, one after the other; what they need is remembered, so that costs as much as the
//! search at most.

use super::actions::elements_of;
use super::{Action, ActionId, Actions, PathStep, STATES_BETWEEN_LOOKS, Search, StateId};
use crate::module::StatementId;
use crate::reduction::{Budget, Interrupted, NormalForm, Reason, Reducer};
use crate::soup::Unfit;
use crate::term::TermId;
use crate::transition::Transitions;

/// A step between two states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// What it does.
    pub action: ActionId,
    /// Where it leads.
    pub target: StateId,
}

impl Search {
    /// How many states there are all of whose successors were found: those with the lowest numbers.
    pub fn n_expanded(&self) -> usize {
        self.n_expanded
    }

    /// How many states there are.
    pub fn n_states(&self) -> usize {
        self.states.len()
    }

    /// Adds the steps from a state all of whose successors were found, in order.
    ///
    /// # Errors
    /// If a limit is reached first.
    pub fn edges(
        &mut self,
        reducer: &mut Reducer,
        state: StateId,
        edges: &mut Vec<Edge>,
    ) -> Result<(), Interrupted> {
        if state.index().is_multiple_of(STATES_BETWEEN_LOOKS) {
            let in_time = Budget::new(&reducer.limits).look(&reducer.machine, &reducer.store);
            in_time.map_err(|reason| reducer.interrupted(reason))?;
            let most = reducer.limits.memory;
            if most.is_some_and(|most| self.bytes(reducer) > most) {
                return Err(reducer.interrupted(Reason::Memory));
            }
        }
        let mut opened = Vec::new();
        let vectors = &mut self.states.vectors;
        let mut soup = self.soup.as_mut();
        let outcome = self
            .actions
            .open(
                reducer,
                soup.as_deref_mut(),
                vectors,
                state.index(),
                &mut opened,
            )
            .and_then(|()| {
                for (index, step) in opened.iter().enumerate() {
                    let soup = soup.as_deref_mut();
                    let (target, is_new) = Actions::follow(reducer, soup, vectors, index, step)?;
                    assert!(!is_new, "all successors of the state were found");
                    edges.push(Edge {
                        action: step.action,
                        target: StateId(target as u32),
                    });
                }
                Ok(())
            });
        outcome.map_err(|unfit| match unfit {
            Unfit::Limit(reason) => reducer.interrupted(reason),
            Unfit::Form | Unfit::Unknown => {
                unreachable!("the engine took this state before")
            }
        })
    }

    /// Which of the steps from its state a step of a path is, found by making them again.
    ///
    /// # Errors
    /// If a limit is reached first.
    pub fn place(&self, reducer: &mut Reducer, step: &PathStep) -> Result<usize, Interrupted> {
        let target = self.term(reducer, step.state);
        let source = NormalForm(self.term(reducer, step.from));
        let mut transitions = Transitions::new(reducer, source);
        let mut place = 0;
        while let Some(transition) = transitions.next(reducer)? {
            if transition.target.term() == target && transition.rule == step.rule {
                return Ok(place);
            }
            place += 1;
        }
        unreachable!("the step was found before")
    }

    /// Adds the elements of a state, if it is a multiset; the state itself if it is not.
    pub fn elements(&self, reducer: &Reducer, state: StateId, elements: &mut Vec<TermId>) {
        let held = (self.soup.as_ref(), &self.states.vectors);
        elements_of(reducer, held, state.index(), elements);
    }

    /// What a step does.
    ///
    /// # Errors
    /// If a limit is reached first.
    pub fn action(
        &mut self,
        reducer: &mut Reducer,
        action: ActionId,
    ) -> Result<Action, Interrupted> {
        let (soup, vectors) = (self.soup.as_ref(), &self.states.vectors);
        (self.actions)
            .explain(reducer, soup, vectors, action)
            .map_err(|reason| reducer.interrupted(reason))
    }

    /// The rule of a step.
    pub fn rule(&self, action: ActionId) -> StatementId {
        self.actions.rule(action)
    }

    /// How many actions were met.
    pub fn n_actions(&self) -> usize {
        self.actions.len()
    }
}
