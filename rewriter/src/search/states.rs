//! The states of a search: vectors with a number, a parent and a rule.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

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
    parents: Vec<u32>,
    /// The rules, as far as their numbers fit; others are looked up.
    rules: Vec<u16>,
    large: HashMap<u32, StatementId, FxBuildHasher>,
}

impl States {
    /// None.
    pub(crate) fn new() -> States {
        States {
            vectors: Vectors::new(),
            parents: Vec::new(),
            rules: Vec::new(),
            large: HashMap::default(),
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
        let rule = match self.rules[state.index()] {
            NO_RULE => return None,
            LARGE => self.large[&state.0],
            rule => StatementId(u32::from(rule)),
        };
        Some((StateId(self.parents[state.index()]), rule))
    }

    /// Remembers how the newest state was discovered.
    pub(crate) fn set_parent(&mut self, parent: Option<(StateId, StatementId)>) {
        debug_assert_eq!(self.parents.len() + 1, self.len());
        let state = self.parents.len() as u32;
        let (parent, rule) = match parent {
            None => (0, NO_RULE),
            Some((parent, rule)) => match u16::try_from(rule.0) {
                Ok(small) if small < LARGE => (parent.0, small),
                _ => {
                    self.large.insert(state, rule);
                    (parent.0, LARGE)
                }
            },
        };
        push(&mut self.parents, parent);
        push(&mut self.rules, rule);
    }

    /// The bytes they occupy, terms not included.
    pub fn bytes(&self) -> usize {
        self.vectors.bytes()
            + self.parents.capacity() * size_of::<u32>()
            + self.rules.capacity() * size_of::<u16>()
    }
}

const NO_RULE: u16 = u16::MAX;
const LARGE: u16 = u16::MAX - 1;

/// Adds to a vector that grows by a quarter at a time, because it is large.
fn push<T>(vector: &mut Vec<T>, value: T) {
    if vector.len() == vector.capacity() {
        vector.reserve_exact((vector.len() / 4).max(1024));
    }
    vector.push(value);
}
