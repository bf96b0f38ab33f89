//! How a state was reached.

use super::{PathStep, Search, StateId};
use crate::reduction::{Interrupted, NormalForm, Reducer};
use crate::term::TermId;
use crate::transition::Transitions;

impl Search {
    /// The steps from the initial state to a state.
    pub fn path(&self, state: StateId) -> Vec<PathStep> {
        let mut steps = Vec::new();
        let mut state = state;
        while let Some((parent, rule)) = self.states.parent(state) {
            steps.push(PathStep {
                from: parent,
                rule,
                state,
            });
            state = parent;
        }
        steps.reverse();
        steps
    }

    /// The values of the variables of the rule with which a step was first made, found by making
    /// it again.
    ///
    /// # Errors
    /// If a limit is reached first.
    pub fn substitution(
        &self,
        reducer: &mut Reducer,
        step: &PathStep,
    ) -> Result<Vec<Option<TermId>>, Interrupted> {
        let target = self.term(reducer, step.state);
        let source = NormalForm(self.term(reducer, step.from));
        let mut transitions = Transitions::explaining(reducer, source);
        while let Some(transition) = transitions.next(reducer)? {
            if transition.target.term() == target && transition.rule == step.rule {
                return Ok(transitions.substitution(reducer));
            }
        }
        Ok(Vec::new())
    }
}
