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
    parents: Blocks<u32>,
    /// The rules, as far as their numbers fit; others are looked up.
    rules: Blocks<u16>,
    large: HashMap<u32, StatementId, FxBuildHasher>,
}

impl States {
    /// None.
    pub(crate) fn new() -> States {
        States {
            vectors: Vectors::new(),
            parents: Blocks::default(),
            rules: Blocks::default(),
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
        let rule = match self.rules.at(state.index()) {
            NO_RULE => return None,
            LARGE => self.large[&state.0],
            rule => StatementId(u32::from(rule)),
        };
        Some((StateId(self.parents.at(state.index())), rule))
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
        self.parents.push(parent);
        self.rules.push(rule);
    }

    /// The bytes they occupy, terms not included.
    pub fn bytes(&self) -> usize {
        self.vectors.bytes() + self.parents.bytes() + self.rules.bytes()
    }
}

const NO_RULE: u16 = u16::MAX;
const LARGE: u16 = u16::MAX - 1;

/// A sequence that grows without being copied.
#[derive(Clone, Default, Debug)]
struct Blocks<T> {
    full: Vec<Box<[T]>>,
    last: Vec<T>,
}

/// Items of a block.
const BLOCK: usize = 1 << 13;

impl<T: Copy> Blocks<T> {
    fn len(&self) -> usize {
        self.full.len() * BLOCK + self.last.len()
    }

    fn at(&self, index: usize) -> T {
        match self.full.get(index / BLOCK) {
            Some(block) => block[index % BLOCK],
            None => self.last[index % BLOCK],
        }
    }

    fn push(&mut self, item: T) {
        self.last.push(item);
        if self.last.len() == BLOCK {
            let full = std::mem::take(&mut self.last);
            self.full.push(full.into_boxed_slice());
            self.last.reserve_exact(BLOCK);
        }
    }

    fn bytes(&self) -> usize {
        (self.full.len() * BLOCK + self.last.capacity()) * size_of::<T>()
    }
}
