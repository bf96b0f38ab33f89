//! Numbers for configurations that are the same in every engine.
//!
//! The one idea: engines number terms in the order in which they meet them, so to tell how many
//! different configurations several of them met, each is known by a hash of what it is: of operators,
//! literals and the hashes of arguments. Each part is hashed once. Two configurations may have the same
//! number, with a chance of one to some 10^19: this is for counting, and nothing else.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rewriter::pattern::Literal;
use rewriter::term::{Store, TermId};

/// The hashes of terms.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    known: HashMap<TermId, u64>,
}

impl Fingerprints {
    /// The fingerprint of a multiset.
    pub(super) fn of(&mut self, store: &Store, elements: &[TermId]) -> u64 {
        let hashes = elements.iter().map(|&element| self.term(store, element));
        hashes.fold(0, u64::wrapping_add)
    }

    fn term(&mut self, store: &Store, root: TermId) -> u64 {
        let mut open = vec![(root, false)];
        while let Some((term, is_ready)) = open.pop() {
            if self.known.contains_key(&term) {
                continue;
            }
            let arguments = store.arguments(term);
            if !is_ready && !arguments.is_empty() {
                open.push((term, true));
                open.extend(arguments.iter().map(|argument| (*argument, false)));
                continue;
            }
            let mut hasher = DefaultHasher::new();
            store.op(term).hash(&mut hasher);
            match store.literal(term) {
                Some(Literal::String(text) | Literal::QuotedId(text)) => text.hash(&mut hasher),
                Some(Literal::Float(number)) => number.to_bits().hash(&mut hasher),
                None => store.iterations(term).hash(&mut hasher),
            }
            for argument in arguments {
                self.known[argument].hash(&mut hasher);
            }
            self.known.insert(term, hasher.finish());
        }
        self.known[&root]
    }
}
