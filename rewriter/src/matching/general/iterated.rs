//! Iterated operators: a number of applications is taken off, the rest may be left outside.
//!
//! The one idea: a pattern `s^k(t)` takes `k` applications off its subject; if more are there, a
//! variable in the place of `t` takes them, all first, then one less each time, and what it does
//! not take is not covered.

use std::sync::Arc;

use num_bigint::BigInt;
use num_traits::{One as _, Zero as _};

use super::binding::{Abstracted, Abstraction, Subproblems};
use super::{Automaton, Index, Matching, Subproblem};
use crate::integer::Int;
use crate::signature::{OpId, SortId};
use crate::term::{Store, TermId};

/// An iterated operator on a pattern.
#[derive(Clone, Debug)]
pub(super) struct Iterated {
    pub(super) op: OpId,
    pub(super) at_top: bool,
    pub(super) count: BigInt,
    pub(super) argument: Argument,
}

/// What the operator is applied to.
#[derive(Clone, Debug)]
pub(super) enum Argument {
    Ground(TermId),
    Variable {
        index: Index,
        sort: SortId,
    },
    Other(Box<Automaton>),
    /// It may have the operator on top after it collapsed: a variable stands for it.
    Abstracted {
        index: Index,
        sort: SortId,
        automaton: Arc<Automaton>,
    },
}

/// How often the operator is applied, and to what.
fn applications(store: &Store, term: TermId) -> (BigInt, TermId) {
    let count = store.iterations(term).map(|count| count.to_big());
    (count.unwrap_or_default(), store.arguments(term)[0])
}

fn iterate(store: &mut Store, op: OpId, count: &BigInt, argument: TermId) -> TermId {
    match count.is_zero() {
        true => argument,
        false => store.make_iterated(op, &Int::from(count.clone()), argument),
    }
}

impl Iterated {
    pub(super) fn matches(
        &self,
        term: TermId,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Subproblems> {
        if matching.store.op(term) != self.op {
            return None;
        }
        let (count, innermost) = applications(matching.store, term);
        if count < self.count {
            return None;
        }
        let left = count - &self.count;
        if left.is_zero() {
            let found = self.match_argument(innermost, matching)?;
            if extend && self.at_top {
                matching.outside.is_known = true;
                matching.outside.is_whole = true;
            }
            return Some(found);
        }
        if extend && self.at_top {
            return self.match_part(left, innermost, matching);
        }
        let rest = match self.argument {
            Argument::Ground(_) | Argument::Other(_) => return None,
            _ => iterate(matching.store, self.op, &left, innermost),
        };
        self.match_argument(rest, matching)
    }

    fn match_argument(&self, term: TermId, matching: &mut Matching<'_>) -> Option<Subproblems> {
        match &self.argument {
            Argument::Ground(ground) => (*ground == term).then(Subproblems::new),
            &Argument::Variable { index, sort } => matching
                .match_variable(index, sort, term)
                .then(Subproblems::new),
            Argument::Other(automaton) => automaton.matches(term, matching, false),
            Argument::Abstracted { automaton, .. } => automaton.matches(term, matching, false),
        }
    }

    /// There are more applications than the pattern has: some may be outside.
    fn match_part(
        &self,
        left: BigInt,
        innermost: TermId,
        matching: &mut Matching<'_>,
    ) -> Option<Subproblems> {
        let mut n_left = left.clone();
        match &self.argument {
            &Argument::Variable { index, sort } => match matching.value(index) {
                None => {
                    matching.outside.is_known = false;
                    let problem = IteratedProblem::new(self.op, left, innermost, (index, sort));
                    return Some(vec![Subproblem::Iterated(Box::new(problem))]);
                }
                Some(value) if matching.store.op(value) == self.op => {
                    let (count, inside) = applications(matching.store, value);
                    if count > left || inside != innermost {
                        return None;
                    }
                    n_left -= count;
                }
                Some(value) if value == innermost => {}
                Some(_) => return None,
            },
            Argument::Abstracted {
                index,
                sort,
                automaton,
            } => {
                matching.outside.is_known = false;
                let problem = IteratedProblem::new(self.op, left, innermost, (*index, *sort));
                return Some(vec![
                    Subproblem::Iterated(Box::new(problem)),
                    Abstraction::of(automaton, Abstracted::Value(*index)),
                ]);
            }
            _ => {
                let found = self.match_argument(innermost, matching)?;
                matching.outside.is_known = true;
                matching.outside.is_whole = false;
                matching.outside.n_left = left;
                return Some(found);
            }
        }
        matching.outside.is_known = true;
        matching.outside.is_whole = n_left.is_zero();
        matching.outside.n_left = n_left;
        Some(Subproblems::new())
    }
}

/// How many applications a variable takes.
#[derive(Clone, Debug)]
pub(super) struct IteratedProblem {
    op: OpId,
    /// All there are, and the fewest it takes.
    count: BigInt,
    least: BigInt,
    innermost: TermId,
    index: Index,
    sort: SortId,
    n_left: BigInt,
}

impl IteratedProblem {
    fn new(
        op: OpId,
        count: BigInt,
        innermost: TermId,
        (index, sort): (Index, SortId),
    ) -> IteratedProblem {
        IteratedProblem {
            op,
            count,
            least: BigInt::zero(),
            innermost,
            index,
            sort,
            n_left: BigInt::zero(),
        }
    }

    /// A variable that takes a part of an iterated term.
    pub(super) fn of_variable(
        store: &Store,
        term: TermId,
        index: Index,
        sort: SortId,
    ) -> Box<IteratedProblem> {
        let (count, innermost) = applications(store, term);
        Box::new(IteratedProblem {
            least: BigInt::one(),
            ..IteratedProblem::new(store.op(term), count, innermost, (index, sort))
        })
    }

    pub(super) fn solve(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        if first {
            self.n_left = BigInt::zero();
        } else {
            self.n_left += 1;
        }
        let signature = matching.store.signature();
        let n_sorts = signature.kind(signature.kind_of(self.sort)).sorts.len();
        let mut n_failed = 0;
        loop {
            let n_taken = &self.count - &self.n_left;
            if n_failed > n_sorts && n_taken > BigInt::from(n_sorts) {
                // Sorts repeat after as many applications, so these fail like those before.
                self.n_left = &self.count - n_sorts;
                continue;
            }
            if n_taken < self.least {
                // As in Maude, the variable keeps what was tried last.
                return false;
            }
            let value = iterate(matching.store, self.op, &n_taken, self.innermost);
            matching.bind(self.index, value);
            if matching.store.has_sort(value, self.sort) {
                matching.outside.is_whole = self.n_left.is_zero();
                matching.outside.n_left = self.n_left.clone();
                return true;
            }
            n_failed += 1;
            self.n_left += 1;
        }
    }
}
