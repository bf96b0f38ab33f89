//! Dividing the rest of a multiset among several variables, in all ways.
//!
//! The one idea: an odometer. Each distinct element that is left is a wheel; its positions are the
//! ways of giving its copies to the variables. This is the general case that few patterns need; it
//! is exponential in the number of distinct elements when constraints fail late.

use super::collection::left_over;
use super::machine::{Context, Machine};
use crate::matching::{Distribution, Share};
use crate::signature::SortId;
use crate::term::{Store, TermId};

impl Machine {
    /// Starts with the first way in which the rest can be divided.
    pub(super) fn start_distribution(&mut self, context: &mut Context<'_>, index: usize) -> bool {
        let distribution = &context.program.code.distributions[index];
        let elements = self.elements(context.store, distribution.collection);
        let left: Vec<TermId> = left_over(elements, self.consumed(distribution.from)).collect();
        let n_wheels = left.chunk_by(|a, b| a == b).count();
        let n_shares = distribution.shares.len();
        // Counts: for each wheel, how many copies each share takes.
        let start = self.counters.len();
        self.counters.resize(start + n_wheels * n_shares, 0);
        self.set_slot(distribution.slot, start as u32);
        self.set_slot(distribution.slot + 1, n_wheels as u32);
        let runs: Vec<(TermId, u32)> = (left.chunk_by(|a, b| a == b))
            .map(|run| (run[0], run.len() as u32))
            .collect();
        for (wheel, &(_, n_copies)) in runs.iter().enumerate() {
            let at = start + wheel * n_shares;
            let counts = &mut self.counters[at..at + n_shares];
            if !first_way(counts, &distribution.shares, n_copies) {
                return false;
            }
        }
        self.settle(context, index, &runs)
    }

    /// Goes on to the next way.
    pub(super) fn next_distribution(&mut self, context: &mut Context<'_>, index: usize) -> bool {
        let distribution = &context.program.code.distributions[index];
        let elements = self.elements(context.store, distribution.collection);
        let left: Vec<TermId> = left_over(elements, self.consumed(distribution.from)).collect();
        let runs: Vec<(TermId, u32)> = (left.chunk_by(|a, b| a == b))
            .map(|run| (run[0], run.len() as u32))
            .collect();
        self.turn(distribution, &runs) && self.settle(context, index, &runs)
    }

    /// Turns the odometer by one; tells whether it did not come round.
    fn turn(&mut self, distribution: &Distribution, runs: &[(TermId, u32)]) -> bool {
        let start = self.slot(distribution.slot) as usize;
        let n_shares = distribution.shares.len();
        for wheel in (0..runs.len()).rev() {
            let at = start + wheel * n_shares;
            let counts = &mut self.counters[at..at + n_shares];
            if next_way(counts, &distribution.shares, runs[wheel].1) {
                return true;
            }
            first_way(counts, &distribution.shares, runs[wheel].1);
        }
        false
    }

    /// Takes the first way from here on that respects bounds and sorts.
    fn settle(&mut self, context: &mut Context<'_>, index: usize, runs: &[(TermId, u32)]) -> bool {
        let distribution = &context.program.code.distributions[index];
        loop {
            if self.fits(context.store, distribution, runs) {
                let top =
                    self.slot(distribution.slot) as usize + runs.len() * distribution.shares.len();
                self.choose(0, top);
                return true;
            }
            if !self.turn(distribution, runs) {
                return false;
            }
        }
    }

    fn fits(
        &mut self,
        store: &mut Store,
        distribution: &Distribution,
        runs: &[(TermId, u32)],
    ) -> bool {
        let start = self.slot(distribution.slot) as usize;
        let n_shares = distribution.shares.len();
        let op = distribution.collection.op;
        let count = |machine: &Machine, wheel: usize, share: usize| {
            machine.counters[start + wheel * n_shares + share]
        };
        for (number, share) in distribution.shares.iter().enumerate() {
            let total: u32 = (0..runs.len())
                .map(|wheel| count(self, wheel, number))
                .sum();
            if total < share.least || share.single && total > 1 {
                return false;
            }
        }
        for (number, share) in distribution.shares.iter().enumerate() {
            let mut elements: Vec<TermId> = Vec::new();
            for (wheel, &(element, _)) in runs.iter().enumerate() {
                let n_copies = count(self, wheel, number) as usize;
                elements.extend(std::iter::repeat_n(element, n_copies));
            }
            let term = match elements.as_slice() {
                [] => store.facts(op).identity(),
                [single] => *single,
                _ => store.transient_sorted(op, &elements),
            };
            if !has_sort(store, term, share.sort) {
                return false;
            }
            self.set(share.target, term);
        }
        true
    }
}

fn has_sort(store: &Store, term: TermId, sort: Option<SortId>) -> bool {
    sort.is_none_or(|sort| term != TermId::NONE && store.signature().leq(store.sort(term), sort))
}

/// The first way of giving copies of one element to shares: as many as possible to the last.
fn first_way(counts: &mut [u32], shares: &[Share], n_copies: u32) -> bool {
    counts.fill(0);
    counts[0] = 0;
    complete(counts, shares, n_copies, 0) || next_way(counts, shares, n_copies)
}

/// Gives what the shares before `from` leave to the later ones, preferring the last.
fn complete(counts: &mut [u32], shares: &[Share], n_copies: u32, from: usize) -> bool {
    let taken: u32 = (counts[..from].iter().zip(shares))
        .map(|(count, share)| count * share.multiplicity)
        .sum();
    let Some(mut left) = n_copies.checked_sub(taken) else {
        return false;
    };
    for index in (from..counts.len()).rev() {
        let multiplicity = shares[index].multiplicity;
        let most = if shares[index].single { 1 } else { u32::MAX };
        counts[index] = (left / multiplicity).min(most);
        left -= counts[index] * multiplicity;
    }
    left == 0
}

/// The next way in lexicographic order.
fn next_way(counts: &mut [u32], shares: &[Share], n_copies: u32) -> bool {
    let last = counts.len() - 1;
    let mut index = last;
    while index > 0 {
        index -= 1;
        loop {
            if shares[index].single && counts[index] >= 1 {
                break;
            }
            counts[index] += 1;
            let taken: u32 = (counts[..=index].iter().zip(shares))
                .map(|(count, share)| count * share.multiplicity)
                .sum();
            if taken > n_copies {
                break;
            }
            if complete(counts, shares, n_copies, index + 1) {
                return true;
            }
        }
        counts[index] = 0;
    }
    false
}
