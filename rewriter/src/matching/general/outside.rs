//! What a pattern does not cover of its subject.
//!
//! The one idea: a pattern matched with extension covers consecutive elements of a list, some of a
//! multiset, or the innermost of the applications of an iterated operator. What is covered of a
//! list may have an identity element more than the list.

use num_bigint::BigInt;
use num_traits::Zero as _;

use crate::integer::Int;
use crate::term::{Store, TermId, Theory};

/// Which part of a subject is not covered.
#[derive(Clone, Debug)]
pub(super) struct Outside {
    pub(super) subject: TermId,
    /// The first phase decided it.
    pub(super) is_known: bool,
    /// Everything is covered.
    pub(super) is_whole: bool,
    /// Of a list: the first element that is covered and the one after the last.
    pub(super) covered: (usize, usize),
    /// Of a list: an identity element is covered that is not there.
    pub(super) has_extra_identity: bool,
    /// Of a multiset: how many copies of each distinct element are not covered, and how many in
    /// all may be left.
    pub(super) unmatched: Vec<usize>,
    pub(super) most: usize,
    /// Of an iterated operator: how many applications are not covered.
    pub(super) n_left: BigInt,
}

impl Outside {
    pub(super) fn new(subject: TermId) -> Outside {
        Outside {
            subject,
            is_known: true,
            is_whole: true,
            covered: (0, 0),
            has_extra_identity: false,
            unmatched: Vec::new(),
            most: 0,
            n_left: BigInt::zero(),
        }
    }

    /// Says which elements of a list of so many are covered.
    pub(super) fn cover(&mut self, start: usize, end: usize, length: usize) {
        self.covered = (start, end);
        self.is_whole = start == 0 && end == length;
    }

    /// Whether two elements at least are covered.
    pub(super) fn is_big_enough(&self) -> bool {
        let (start, end) = self.covered;
        end + usize::from(self.has_extra_identity) >= start + 2
    }

    /// What is covered.
    pub(super) fn portion(&self, store: &mut Store) -> TermId {
        let subject = self.subject;
        if self.is_whole {
            return subject;
        }
        let op = store.op(subject);
        match store.theory(op) {
            Theory::List => {
                let (start, end) = self.covered;
                let elements = store.arguments(subject).to_vec();
                fragment(store, op, &elements[start..end], self.has_extra_identity)
            }
            Theory::Multiset => {
                let (covered, _) = self.divided(store);
                store.make(op, &covered)
            }
            Theory::Iterated => {
                let count = store.iterations(subject).map(|count| count.to_big());
                let count = Int::from(count.unwrap_or_default() - &self.n_left);
                let innermost = store.arguments(subject)[0];
                store.make_iterated(op, &count, innermost)
            }
            _ => subject,
        }
    }

    /// The elements of a multiset that are covered, and those that are not.
    fn divided(&self, store: &Store) -> (Vec<TermId>, Vec<TermId>) {
        let (mut covered, mut left) = (Vec::new(), Vec::new());
        let elements = store.arguments(self.subject);
        for (position, run) in elements.chunk_by(|a, b| a == b).enumerate() {
            let n_left = self.unmatched.get(position).copied().unwrap_or(0);
            left.extend_from_slice(&run[..n_left]);
            covered.extend_from_slice(&run[n_left..]);
        }
        (covered, left)
    }

    /// What is not covered: of a list before and after, else in the first place.
    pub(super) fn around(&self, store: &mut Store) -> [TermId; 2] {
        if self.is_whole {
            return [TermId::NONE; 2];
        }
        let op = store.op(self.subject);
        match store.theory(op) {
            Theory::List => {
                let (start, end) = self.covered;
                let elements = store.arguments(self.subject).to_vec();
                let mut part = |elements: &[TermId]| match elements {
                    [] => TermId::NONE,
                    elements => fragment(store, op, elements, false),
                };
                [part(&elements[..start]), part(&elements[end..])]
            }
            Theory::Multiset => {
                let (_, left) = self.divided(store);
                let left = match left.as_slice() {
                    [] => TermId::NONE,
                    left => store.make(op, left),
                };
                [left, TermId::NONE]
            }
            Theory::Iterated => {
                let innermost = store.arguments(self.subject)[0];
                let left = Int::from(self.n_left.clone());
                [store.make_iterated(op, &left, innermost), TermId::NONE]
            }
            _ => [TermId::NONE; 2],
        }
    }
}

/// Elements of a list as a term, with an identity element more where it does not vanish: after
/// them if it is one on the left only, else before them.
pub(super) fn fragment(
    store: &mut Store,
    op: crate::signature::OpId,
    elements: &[TermId],
    extra_identity: bool,
) -> TermId {
    if let ([single], false) = (elements, extra_identity) {
        return *single;
    }
    let mut elements = elements.to_vec();
    let facts = store.facts(op);
    if extra_identity {
        let identity = facts.identity();
        match facts.left_identity == TermId::NONE {
            true => elements.insert(0, identity),
            false => elements.push(identity),
        }
    }
    store.make_list(op, &elements)
}
