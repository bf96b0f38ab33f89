//! Which multisets a module expects.
//!
//! The one idea: objects, attributes and maps are multisets in which one name stands once, and
//! nothing in a module says so, except that no left side speaks of two. So a multiset with two
//! elements of one operator and one first argument is a sample only if some left side has such two;
//! and with two elements of one operator of one argument, only if some left side has two.

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use crate::module::Module;
use crate::pattern::{Pattern, PatternNode};
use crate::signature::OpId;
use crate::term::{Store, TermId, Theory};

/// What left sides have twice.
#[derive(Clone, Default, Debug)]
pub(super) struct Expected {
    /// Operators of two elements of one multiset.
    twice: HashSet<OpId, FxBuildHasher>,
    /// Those whose first argument may be the same.
    with_one_key: HashSet<OpId, FxBuildHasher>,
}

impl Expected {
    pub(super) fn new(module: &Module, store: &Store) -> Expected {
        let mut expected = Expected::default();
        for statement in module.statements() {
            expected.note(store, statement.left());
        }
        expected
    }

    fn note(&mut self, store: &Store, pattern: &Pattern) {
        for node in pattern.nodes() {
            let PatternNode::Application { op, arguments } = node else {
                continue;
            };
            if store.theory(*op) != Theory::Multiset {
                continue;
            }
            let mut seen = Vec::new();
            for &argument in arguments {
                let PatternNode::Application { op, arguments } = pattern.node(argument) else {
                    continue;
                };
                let key = arguments.first().map(|&key| pattern.node(key));
                for (other, other_key) in &seen {
                    if other == op {
                        self.twice.insert(*op);
                        if key == *other_key {
                            self.with_one_key.insert(*op);
                        }
                    }
                }
                seen.push((*op, key));
            }
        }
    }

    /// Whether all multisets in a term are among those that left sides speak of.
    pub(super) fn has(&self, store: &Store, term: TermId) -> bool {
        let mut pending = vec![term];
        while let Some(term) = pending.pop() {
            if store.integer(term).is_some() {
                continue;
            }
            let arguments = store.arguments(term);
            if store.theory(store.op(term)) == Theory::Multiset && !self.is_plain(store, arguments)
            {
                return false;
            }
            pending.extend(arguments);
        }
        true
    }

    fn is_plain(&self, store: &Store, elements: &[TermId]) -> bool {
        let mut seen: Vec<(OpId, TermId)> = Vec::new();
        for &element in elements {
            let op = store.op(element);
            let (Theory::Free, Some(&key)) = (store.theory(op), store.arguments(element).first())
            else {
                continue;
            };
            let is_attribute = store.arguments(element).len() == 1;
            let clashes = seen.iter().any(|&(other, other_key)| {
                other == op
                    && match is_attribute {
                        true => !self.twice.contains(&op),
                        false => key == other_key && !self.with_one_key.contains(&op),
                    }
            });
            if clashes {
                return false;
            }
            seen.push((op, key));
        }
        true
    }
}
