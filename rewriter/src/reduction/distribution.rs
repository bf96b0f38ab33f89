//! Dividing the rest of a multiset among several variables, in all ways.
//!
//! The one idea: the variables choose one after the other from what the earlier ones left, smaller
//! choices first and earlier elements first among equals; the last takes what remains. This is the
//! general case that few patterns need; it is exponential in the number of distinct elements when
//! constraints fail late. Where any way will do, a greedy one is tried first.

use std::cmp::Reverse;

use super::collection::left_over;
use super::machine::{Context, Machine};
use crate::matching::{Distribution, Share};
use crate::signature::SortId;
use crate::term::{Store, TermId};

/// A distinct element and how many copies of it there are.
type Run = (TermId, u32);

impl Machine {
    fn runs(&self, store: &Store, distribution: &Distribution) -> Vec<Run> {
        let elements = self.elements(store, distribution.collection);
        let left: Vec<TermId> =
            left_over(elements.iter(), self.consumed(distribution.from)).collect();
        let runs = left.chunk_by(|a, b| a == b);
        runs.map(|run| (run[0], run.len() as u32)).collect()
    }

    /// Starts with the first way in which the rest can be divided.
    pub(super) fn start_distribution(&mut self, context: &mut Context<'_>, index: usize) -> bool {
        let distribution = &context.program.code.distributions[index];
        let runs = self.runs(context.store, distribution);
        // For each share, how many copies it takes of each distinct element.
        let start = self.counters.len();
        let n_counts = distribution.shares.len() * runs.len();
        self.counters.resize(start + n_counts, 0);
        self.set_slot(distribution.slot, start as u32);
        self.set_slot(distribution.slot + 1, n_counts as u32);
        if distribution.greedy && self.divide_greedily(context.store, distribution, &runs, start) {
            return true;
        }
        self.counters[start..].fill(0);
        self.settle(context, index, &runs, false)
    }

    /// Goes on to the next way.
    pub(super) fn next_distribution(&mut self, context: &mut Context<'_>, index: usize) -> bool {
        let distribution = &context.program.code.distributions[index];
        let runs = self.runs(context.store, distribution);
        self.settle(context, index, &runs, true)
    }

    /// Where the counts of a distribution that has started begin and end.
    fn counts(&self, distribution: &Distribution) -> (usize, usize) {
        let start = self.slot(distribution.slot) as usize;
        (start, start + self.slot(distribution.slot + 1) as usize)
    }

    /// The shares in the order in which they choose: those that occur often first, then those that
    /// can take few.
    fn order(&self, store: &Store, distribution: &Distribution, runs: &[Run]) -> Vec<Share> {
        let n_elements = self.elements(store, distribution.collection).len();
        let n_left: u32 = runs.iter().map(|&(_, n_copies)| n_copies).sum();
        let mut shares = distribution.shares.clone();
        shares.sort_by_key(|share| {
            let most = match Some(share.target) == distribution.extension {
                true => (n_elements as u32).saturating_sub(2),
                false if share.single => 1,
                false => n_left,
            };
            (Reverse(share.multiplicity), most)
        });
        shares
    }

    /// Takes the first way from the present one on (the next one, with `turn`) that respects
    /// numbers and sorts.
    fn settle(
        &mut self,
        context: &mut Context<'_>,
        index: usize,
        runs: &[Run],
        turn: bool,
    ) -> bool {
        let distribution = &context.program.code.distributions[index];
        if self.elements(context.store, distribution.collection).len() == 1 && runs.len() == 1 {
            return self.settle_single(context.store, distribution, runs, turn);
        }
        let (start, end) = self.counts(distribution);
        let shares = self.order(context.store, distribution, runs);
        let mut turn = turn;
        loop {
            if turn && !next_way(&mut self.counters[start..end], &shares, runs) {
                return false;
            }
            turn = true;
            if complete(&mut self.counters[start..end], &shares, runs)
                && self.fits(context.store, distribution, &shares, runs, start)
            {
                self.choose(0, end);
                return true;
            }
        }
    }

    /// The same for what is no application of the operator: the first variable takes it first, as in
    /// Maude.
    fn settle_single(
        &mut self,
        store: &mut Store,
        distribution: &Distribution,
        runs: &[Run],
        turn: bool,
    ) -> bool {
        let (start, end) = self.counts(distribution);
        let counts = &self.counters[start..end];
        let taker = counts.iter().position(|&count| count > 0);
        let first = match taker {
            Some(taker) if turn => taker + 1,
            _ => 0,
        };
        let shares = &distribution.shares;
        for share in first..shares.len() {
            self.counters[start..end].fill(0);
            self.counters[start + share] = 1;
            if shares[share].multiplicity == 1
                && self.fits(store, distribution, shares, runs, start)
            {
                self.choose(0, end);
                return true;
            }
        }
        false
    }

    /// Gives each variable the first element it can take, the others to the last variables that can
    /// take them, and the rest to the extension, as Maude does where any way will do.
    fn divide_greedily(
        &mut self,
        store: &mut Store,
        distribution: &Distribution,
        runs: &[Run],
        start: usize,
    ) -> bool {
        let shares = &distribution.shares;
        let mut left: Vec<u32> = runs.iter().map(|&(_, n_copies)| n_copies).collect();
        let counts = &mut self.counters[start..];
        let is_variable = |share: &Share| Some(share.target) != distribution.extension;
        for (number, share) in shares.iter().enumerate().filter(|(_, s)| is_variable(s)) {
            let first = (0..runs.len()).find(|&run| {
                left[run] >= share.multiplicity && has_sort(store, runs[run].0, share.sort)
            });
            match first {
                Some(run) => {
                    left[run] -= share.multiplicity;
                    counts[number * runs.len() + run] = 1;
                }
                None if share.least == 0 => {}
                None => return false,
            }
        }
        for run in 0..runs.len() {
            let taker = shares.iter().enumerate().rev().find(|(_, share)| {
                let is_whole = distribution.alone || left[run].is_multiple_of(share.multiplicity);
                is_variable(share)
                    && share.closed
                    && is_whole
                    && has_sort(store, runs[run].0, share.sort)
            });
            if let Some((number, share)) = taker {
                counts[number * runs.len() + run] += left[run] / share.multiplicity;
                left[run] %= share.multiplicity;
            }
        }
        if let (Some(_), Some(last)) = (distribution.extension, shares.len().checked_sub(1)) {
            counts[last * runs.len()..][..runs.len()].copy_from_slice(&left);
        } else if left.iter().any(|&left| left > 0) {
            return false;
        }
        self.fits(store, distribution, shares, runs, start)
    }

    fn fits(
        &mut self,
        store: &mut Store,
        distribution: &Distribution,
        shares: &[Share],
        runs: &[Run],
        start: usize,
    ) -> bool {
        let op = distribution.collection.op;
        for (number, share) in shares.iter().enumerate() {
            let counts = &self.counters[start + number * runs.len()..][..runs.len()];
            if Some(share.target) == distribution.extension {
                let outside: u32 = counts.iter().sum();
                let n_elements = self.elements(store, distribution.collection).len() as u32;
                if n_elements - outside < n_elements.min(2) {
                    return false;
                }
            }
            let mut elements: Vec<TermId> = Vec::new();
            for (&(element, _), &count) in runs.iter().zip(counts) {
                elements.extend(std::iter::repeat_n(element, count as usize));
            }
            if elements.len() < share.least as usize || share.single && elements.len() > 1 {
                return false;
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

/// How many copies of each element the shares before this one leave.
fn available(counts: &[u32], shares: &[Share], runs: &[Run], share: usize) -> Vec<u32> {
    let mut left: Vec<u32> = runs.iter().map(|&(_, n_copies)| n_copies).collect();
    for (number, earlier) in shares[..share].iter().enumerate() {
        let taken = &counts[number * runs.len()..][..runs.len()];
        for (left, count) in left.iter_mut().zip(taken) {
            *left -= count * earlier.multiplicity;
        }
    }
    left
}

/// Gives the last share what the others leave; tells whether that is possible.
fn complete(counts: &mut [u32], shares: &[Share], runs: &[Run]) -> bool {
    let last = shares.len() - 1;
    let multiplicity = shares[last].multiplicity;
    let left = available(counts, shares, runs, last);
    let counts = &mut counts[last * runs.len()..];
    for (count, left) in counts.iter_mut().zip(&left) {
        *count = left / multiplicity;
    }
    left.iter().all(|left| left % multiplicity == 0)
}

/// The next choices of all shares but the last; tells whether there are any.
fn next_way(counts: &mut [u32], shares: &[Share], runs: &[Run]) -> bool {
    for share in (0..shares.len() - 1).rev() {
        let multiplicity = shares[share].multiplicity;
        let most: Vec<u32> = (available(counts, shares, runs, share).iter())
            .map(|left| left / multiplicity)
            .collect();
        let own = &mut counts[share * runs.len()..][..runs.len()];
        let single_is_full = shares[share].single && own.iter().sum::<u32>() >= 1;
        if next_choice(own, &most, !single_is_full) {
            return true;
        }
        own.fill(0);
    }
    false
}

/// The next choice of elements: of the same number if there is one, else of one more, if allowed.
fn next_choice(own: &mut [u32], most: &[u32], grow: bool) -> bool {
    let mut undone = 0;
    for index in 0..own.len() {
        if undone > 0 && own[index] < most[index] {
            own[index] += 1;
            fill(&mut own[..index], most, undone - 1);
            return true;
        }
        undone += own[index];
        own[index] = 0;
    }
    let room: u32 = most.iter().sum();
    if !grow || room <= undone {
        return false;
    }
    fill(own, most, undone + 1);
    true
}

/// As many as possible of each element, the first ones first.
fn fill(own: &mut [u32], most: &[u32], n_elements: u32) {
    let mut left = n_elements;
    for (count, &most) in own.iter_mut().zip(most) {
        *count = left.min(most);
        left -= *count;
    }
}
