//! What can be seen of a state and its steps without building terms.
//!
//! The one idea: a step of the compiled engine is a rule with the leaves that go and those that come,
//! whatever else is in the state; so what is to be said of a step need be found out only once for each
//! such combination.

use super::layout::WHOLE;
use super::space::{Soup, SoupStep};
use crate::term::TermId;

impl Soup {
    /// Writes what tells a step of the open state from all others, wherever it is made.
    pub(crate) fn identify(&self, step: SoupStep, key: &mut Vec<u32>) {
        key.clear();
        if self.identify_choice(step, key) {
            return;
        }
        let (removed, added) = (
            self.memo.removed(step.outcome),
            self.memo.added(step.outcome),
        );
        key.push(step.rule.0);
        key.push(removed.len() as u32);
        key.extend_from_slice(removed);
        key.extend_from_slice(added);
    }

    /// Whether the rule of a step applied to the elements at the top.
    pub(crate) fn is_on_top(&self, step: SoupStep) -> bool {
        step.depth == 0 && self.layout.root.is_none()
    }

    /// Adds the elements of a state that lie at its top, or the whole state if it was not taken
    /// apart.
    pub(crate) fn elements(&self, words: &[u32], elements: &mut Vec<TermId>) {
        for word in words.iter().filter(|word| **word != 0) {
            for &leaf in self.leaves.read(word) {
                let facts = self.leaves.at(leaf);
                let is_top = facts.place == WHOLE || self.layout.tops.contains(&facts.place);
                if is_top && facts.term != TermId::NONE {
                    elements.push(facts.term);
                }
            }
        }
    }
}
