//! Free operators: the skeleton of a pattern, then what is below it.
//!
//! The one idea: operators without axioms match in one way, so all of them that hang together are
//! compared first; then variables get their values; then the subpatterns with axioms follow, in an
//! order that lets each bind as much as it can for the others.

use super::binding::Subproblems;
use super::{Automaton, Index, Matching};
use crate::signature::{OpId, SortId};
use crate::term::TermId;

/// A place directly below the skeleton: a node of it and the number of the argument.
pub(super) type Place = (usize, usize);

/// A pattern with a free operator on top.
#[derive(Clone, Debug)]
pub(super) struct Free {
    pub(super) op: OpId,
    /// The free operators below it and where each stands; parents first.
    pub(super) skeleton: Vec<(Place, OpId)>,
    pub(super) variables: Vec<(Place, Index, SortId)>,
    pub(super) grounds: Vec<(Place, TermId)>,
    pub(super) others: Vec<(Place, Automaton)>,
}

impl Free {
    pub(super) fn matches(&self, term: TermId, matching: &mut Matching<'_>) -> Option<Subproblems> {
        if matching.store.op(term) != self.op {
            return None;
        }
        let mut nodes = vec![term];
        for &(place, op) in &self.skeleton {
            let node = self.at(&nodes, place, matching);
            if matching.store.op(node) != op {
                return None;
            }
            nodes.push(node);
        }
        for &(place, index, sort) in &self.variables {
            let value = self.at(&nodes, place, matching);
            if !matching.match_variable(index, sort, value) {
                return None;
            }
        }
        for &(place, ground) in &self.grounds {
            if self.at(&nodes, place, matching) != ground {
                return None;
            }
        }
        let mut subproblems = Subproblems::new();
        for (place, automaton) in &self.others {
            let node = self.at(&nodes, *place, matching);
            subproblems.extend(automaton.matches(node, matching, false)?);
        }
        Some(subproblems)
    }

    fn at(&self, nodes: &[TermId], (node, argument): Place, matching: &Matching<'_>) -> TermId {
        matching.store.arguments(nodes[node])[argument]
    }
}
