//! What was added to a store, for copies of it.
//!
//! The one idea: interned nodes lie one after the other and never move. So a copy is brought up to date by the
//! words that were added since it was made, as they are; and what a copy made by itself is interned in
//! the original node by node, arguments first, in the order in which it was made.

use super::{HEADER, NORMAL, OpId, QUIET, ROPE, SortId, Store, TermId, spread};

/// Ids of terms of a copy as ids of the original.
pub(crate) struct Adopted {
    base: usize,
    /// For each word of the tail where a node begins, the node here.
    ids: Vec<TermId>,
}

impl Adopted {
    /// The term here.
    #[inline]
    pub(crate) fn at(&self, id: TermId) -> TermId {
        match id.offset().checked_sub(self.base) {
            Some(word) => self.ids[word],
            None => id,
        }
    }
}

impl Store {
    /// How many words the interned nodes are.
    pub(crate) fn n_words(&self) -> usize {
        self.words.len()
    }

    /// How many interned ropes there are.
    pub(crate) fn n_ropes(&self) -> usize {
        self.ropes.n_interned()
    }

    /// The nodes that were added since there were so many words; no ropes.
    pub(crate) fn tail(&self, n_words: usize) -> Vec<TermId> {
        self.words[n_words..].to_vec()
    }

    /// Adds the nodes that were added to the store of which this is a copy.
    pub(crate) fn append(&mut self, tail: &[TermId]) {
        let mut next = self.words.len();
        self.words.extend_from_slice(tail);
        let words = &self.words;
        while next < words.len() {
            let hash = |node: usize| spread(words[node + 3].bits());
            let rehash = |&other: &u32| hash(other as usize);
            self.index.insert_unique(hash(next), next as u32, rehash);
            next += HEADER + words[next + 1].bits() as usize;
        }
    }

    /// Forgets the nodes that were added since there were so many words. No term of them may be known
    /// anywhere.
    pub(crate) fn truncate(&mut self, n_words: usize) {
        let mut next = n_words;
        while next < self.words.len() {
            let hash = spread(self.words[next + 3].bits());
            let known = self.index.find_entry(hash, |&id| id as usize == next);
            if let Ok(entry) = known {
                entry.remove();
            }
            next += HEADER + self.words[next + 1].bits() as usize;
        }
        self.words.truncate(n_words);
        self.ropes.truncate(n_words);
    }

    /// Interns the nodes that a copy added after so many words.
    pub(crate) fn adopt(&mut self, n_words: usize, tail: &[TermId]) -> Adopted {
        let mut adopted = Adopted {
            base: n_words,
            ids: vec![TermId::NONE; tail.len()],
        };
        let mut payload: Vec<TermId> = Vec::new();
        let mut next = 0;
        while next < tail.len() {
            let (op, length) = (OpId(tail[next].bits()), tail[next + 1].bits() as usize);
            let facts = tail[next + 2].bits();
            payload.clear();
            payload.extend_from_slice(&tail[next + HEADER..][..length]);
            let n_terms = self.n_terms(op, facts, length);
            for word in &mut payload[..n_terms] {
                *word = adopted.at(*word);
            }
            let id = self.intern(op, &payload);
            if self.exhausted {
                return adopted;
            }
            if facts & NORMAL != 0 && !self.is_normal(id) {
                self.set_normal(id);
                self.set_sort(id, SortId(facts as u16));
            }
            if facts & QUIET != 0 {
                self.set_quiet(id);
            }
            debug_assert_eq!(facts & ROPE, 0);
            adopted.ids[next] = id;
            next += HEADER + length;
        }
        adopted
    }
}
