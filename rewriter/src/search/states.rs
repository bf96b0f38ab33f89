//! The states of a search: interned terms with a number, a parent and a rule.

use hashbrown::HashTable;

use crate::module::StatementId;
use crate::term::TermId;

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
#[derive(Clone, Default, Debug)]
pub struct States {
    terms: Vec<TermId>,
    parents: Vec<(u32, StatementId)>,
    index: HashTable<u32>,
}

impl States {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The term of a state.
    pub fn term(&self, state: StateId) -> TermId {
        self.terms[state.index()]
    }

    /// The state from which a state was discovered, and by which rule.
    pub fn parent(&self, state: StateId) -> Option<(StateId, StatementId)> {
        let (parent, rule) = self.parents[state.index()];
        (rule != NO_RULE).then_some((StateId(parent), rule))
    }

    /// The state that a term is; a new one if it was not discovered before.
    pub(crate) fn insert(
        &mut self,
        term: TermId,
        parent: Option<(StateId, StatementId)>,
    ) -> (StateId, bool) {
        let terms = &self.terms;
        let known = self
            .index
            .find(hash(term), |&state| terms[state as usize] == term);
        if let Some(&state) = known {
            return (StateId(state), false);
        }
        let state = self.terms.len() as u32;
        self.terms.push(term);
        self.parents.push(match parent {
            Some((parent, rule)) => (parent.0, rule),
            None => (0, NO_RULE),
        });
        let terms = &self.terms;
        self.index
            .insert_unique(hash(term), state, |&other| hash(terms[other as usize]));
        (StateId(state), true)
    }

    /// The bytes they occupy, terms not included.
    pub fn bytes(&self) -> usize {
        self.terms.capacity() * size_of::<TermId>()
            + self.parents.capacity() * size_of::<(u32, StatementId)>()
            + self.index.capacity() * (size_of::<u32>() + 1)
    }
}

const NO_RULE: StatementId = StatementId(u32::MAX);

fn hash(term: TermId) -> u64 {
    (term.index() as u64)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(26)
}
