//! The states of a search: vectors with a number, a parent and a rule.

use super::vectors::Vectors;
use crate::module::StatementId;

/// The number of a state, in the order of discovery; the initial state is 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct StateId(pub u32);

impl StateId {
    /// The number.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// States discovered so far.
#[derive(Clone, Debug)]
pub struct States {
    pub(crate) vectors: Vectors,
    parents: Vec<(u32, StatementId)>,
}

impl States {
    /// None.
    pub(crate) fn new() -> States {
        States {
            vectors: Vectors::new(),
            parents: Vec::new(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.vectors.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The state from which a state was discovered, and by which rule.
    pub fn parent(&self, state: StateId) -> Option<(StateId, StatementId)> {
        let (parent, rule) = self.parents[state.index()];
        (rule != NO_RULE).then_some((StateId(parent), rule))
    }

    /// Remembers how the newest state was discovered.
    pub(crate) fn set_parent(&mut self, parent: Option<(StateId, StatementId)>) {
        debug_assert_eq!(self.parents.len() + 1, self.len());
        self.parents.push(match parent {
            Some((parent, rule)) => (parent.0, rule),
            None => (0, NO_RULE),
        });
    }

    /// The bytes they occupy, terms not included.
    pub fn bytes(&self) -> usize {
        self.vectors.bytes() + self.parents.capacity() * size_of::<(u32, StatementId)>()
    }
}

const NO_RULE: StatementId = StatementId(u32::MAX);
