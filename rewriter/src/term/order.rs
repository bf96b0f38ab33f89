//! Maude's order of terms, and equality of transient terms.
//!
//! The one idea: symbols compare by number of arguments and then by creation; equal symbols
//! compare what is below them in a way that depends on the theory: arguments from the left for
//! free operators, length first for lists, number of distinct arguments and then multiplicities
//! for multisets, repetitions first for iterated operators. The order decides how multisets are
//! stored, matched and printed. No recursion: a pending comparison is an entry of a stack.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::{Store, TermId, Theory};

/// Two nodes with equal operators whose arguments from `next` on are still to be compared.
struct Pending {
    left: TermId,
    right: TermId,
    next: usize,
}

impl Store {
    /// Whether two terms are equal modulo the axioms.
    #[inline]
    pub fn equal(&self, left: TermId, right: TermId) -> bool {
        if left == right {
            return true;
        }
        if !left.is_transient() && !right.is_transient() {
            return false;
        }
        self.compare(left, right) == Ordering::Equal
    }

    /// Maude's order of terms.
    pub fn compare(&self, left: TermId, right: TermId) -> Ordering {
        let mut pending: SmallVec<[Pending; 8]> = SmallVec::new();
        let (mut left, mut right) = (left, right);
        loop {
            if left != right {
                match self.compare_tops(left, right) {
                    Ordering::Equal => pending.push(Pending {
                        left,
                        right,
                        next: 0,
                    }),
                    unequal => return unequal,
                }
            }
            loop {
                let Some(top) = pending.last_mut() else {
                    return Ordering::Equal;
                };
                let (a, b) = (self.arguments(top.left), self.arguments(top.right));
                let next = top.next;
                if next >= a.len() {
                    pending.pop();
                    continue;
                }
                top.next += 1;
                if a[next] != b[next] {
                    (left, right) = (a[next], b[next]);
                    if top.next == a.len() {
                        pending.pop();
                    }
                    break;
                }
            }
        }
    }

    /// Everything that is decided before single arguments are compared.
    fn compare_tops(&self, left: TermId, right: TermId) -> Ordering {
        let (op, other) = (self.op(left), self.op(right));
        if op != other {
            return self.facts(op).order.cmp(&self.facts(other).order);
        }
        let (a, b) = (self.payload(left), self.payload(right));
        match self.theory(op) {
            Theory::Free | Theory::Pair => Ordering::Equal,
            Theory::List => self.n_arguments(left).cmp(&self.n_arguments(right)),
            Theory::Multiset => self.compare_multisets(self.arguments(left), self.arguments(right)),
            Theory::Iterated => compare_digits(&a[1..], &b[1..]),
            Theory::Literal => match (self.literal(left), self.literal(right)) {
                (
                    Some(crate::pattern::Literal::Float(x)),
                    Some(crate::pattern::Literal::Float(y)),
                ) => x.total_cmp(&y),
                _ => a[1..].cmp(&b[1..]).then(a[0].cmp(&b[0])),
            },
        }
    }

    /// Multisets: the number of distinct arguments, then multiplicities as far as the arguments
    /// agree. Arguments that differ are left to the caller, which meets them in the same order.
    fn compare_multisets(&self, a: &[TermId], b: &[TermId]) -> Ordering {
        let distinct = |arguments: &[TermId]| arguments.chunk_by(|x, y| x == y).count();
        let by_distinct = distinct(a).cmp(&distinct(b));
        if by_distinct != Ordering::Equal {
            return by_distinct;
        }
        let runs = a.chunk_by(|x, y| x == y).zip(b.chunk_by(|x, y| x == y));
        for (run, other) in runs {
            if run.len() != other.len() {
                return run.len().cmp(&other.len());
            }
            if run[0] != other[0] && !self.equal(run[0], other[0]) {
                return Ordering::Equal;
            }
        }
        Ordering::Equal
    }
}

/// Numbers as 32-bit digits, least first, without leading zeros.
fn compare_digits(a: &[TermId], b: &[TermId]) -> Ordering {
    a.len()
        .cmp(&b.len())
        .then_with(|| a.iter().rev().cmp(b.iter().rev()))
}
