//! Lists as subjects, and taking the values of variables off their ends.
//!
//! The one idea: with an identity on one side, a value may have the identity at a border where it was
//! added; elsewhere it stands for nothing there.

use crate::signature::OpId;
use crate::term::{Store, TermId};

/// A list as a subject.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) op: OpId,
    pub(super) elements: Vec<TermId>,
    pub(super) identity: TermId,
    pub(super) left_identity: bool,
    pub(super) right_identity: bool,
}

impl Subject {
    pub(super) fn new(store: &Store, term: TermId) -> Subject {
        let op = store.op(term);
        let facts = store.facts(op);
        Subject {
            op,
            elements: store.arguments(term).to_vec(),
            identity: facts.identity(),
            left_identity: facts.left_identity != TermId::NONE,
            right_identity: facts.right_identity != TermId::NONE,
        }
    }

    pub(super) fn is_one_sided(&self) -> bool {
        self.left_identity != self.right_identity
    }

    fn is_identity(&self, term: TermId) -> bool {
        self.identity != TermId::NONE && term == self.identity
    }

    /// The elements of a term and, for an identity on one side, whether it has the identity where
    /// that may have been added.
    fn parts(&self, store: &Store, term: TermId) -> (Vec<TermId>, bool, bool) {
        let elements = store.arguments(term).to_vec();
        let starts = self.right_identity && !self.left_identity && self.is_identity(elements[0]);
        let last = elements[elements.len() - 1];
        let ends = self.left_identity && !self.right_identity && self.is_identity(last);
        (elements, starts, ends)
    }

    /// Takes the elements of a value at the start of `start..end`; gives where it goes on.
    pub(super) fn strip_start(
        &self,
        store: &Store,
        value: TermId,
        (start, end): (usize, usize),
    ) -> Option<usize> {
        let length = self.elements.len();
        if store.op(value) == self.op {
            let (elements, starts, ends) = self.parts(store, value);
            let skipped = usize::from(starts && start > 0);
            let dropped = usize::from(ends && start + elements.len() <= length);
            let wanted = &elements[skipped..elements.len() - dropped];
            let here = self.elements[..end].get(start..start + wanted.len())?;
            return (here == wanted).then_some(start + wanted.len());
        }
        let vanishes = start > 0 && self.right_identity || self.left_identity;
        if vanishes && self.is_identity(value) {
            return Some(start);
        }
        (start < end && self.elements[start] == value).then_some(start + 1)
    }

    /// Takes the elements of a value at the end of `start..end`; gives where the rest ends.
    pub(super) fn strip_end(
        &self,
        store: &Store,
        value: TermId,
        (start, end): (usize, usize),
    ) -> Option<usize> {
        let length = self.elements.len();
        if store.op(value) == self.op {
            let (elements, starts, ends) = self.parts(store, value);
            let skipped = usize::from(starts && end >= elements.len());
            let dropped = usize::from(ends && end < length);
            let wanted = &elements[skipped..elements.len() - dropped];
            let first = end.checked_sub(wanted.len())?;
            return (first >= start && &self.elements[first..end] == wanted).then_some(first);
        }
        let vanishes = end > 0 && self.right_identity || end < length && self.left_identity;
        if vanishes && self.is_identity(value) {
            return Some(end);
        }
        (start < end && self.elements[end - 1] == value).then(|| end - 1)
    }

    /// How many elements a value takes and whether it may be one less, because its identity at a
    /// border may have been added.
    pub(super) fn n_taken(
        &self,
        store: &Store,
        value: TermId,
        at_start: bool,
        at_end: bool,
    ) -> (usize, bool) {
        let at_border = if self.right_identity {
            at_start
        } else {
            at_end
        };
        if store.op(value) == self.op {
            let (elements, starts, ends) = self.parts(store, value);
            return match starts || ends {
                true if at_border => (elements.len(), true),
                true => (elements.len() - 1, false),
                false => (elements.len(), false),
            };
        }
        if !self.is_identity(value) {
            return (1, false);
        }
        match self.is_one_sided() && at_border {
            true => (1, true),
            false => (0, false),
        }
    }
}
