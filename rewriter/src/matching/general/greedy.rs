//! Where any matcher will do: the one that Maude finds first without looking for others.
//!
//! The one idea: each variable takes the first element that it can, and what is left goes to the last
//! variables that can take it. That may fail although there is a matcher; then all are looked for.

use super::Matching;
use super::binding::{Difference, Subproblems};
use super::list::{Block, Part, Run, TopVariable};
use super::multiset::Multiset;
use super::multiset_problem::Runs;
use super::outside::fragment;
use crate::term::TermId;

/// The elements that the flexible parts of a list pattern take.
type Segments = Vec<Option<(usize, usize)>>;

/// What is covered of a list so far.
#[derive(Default)]
struct Covered {
    start: usize,
    end: usize,
}

impl Run<'_> {
    /// Matches the flexible part of a list pattern; tells whether that worked.
    pub(super) fn match_greedily(
        &self,
        (blocks, spare): (&[Block], usize),
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> bool {
        let found = matching.attempt(|side| {
            let mut segments = vec![None; self.list.flexible.len()];
            let covered = self.divide(blocks, spare, &mut segments, side, extend)?;
            self.bind_segments(&segments, side);
            Some(covered)
        });
        let Some((mut difference, covered)) = found else {
            return false;
        };
        difference.assert(matching.values);
        if extend {
            let length = self.subject.elements.len();
            matching.outside.is_known = true;
            matching.outside.has_extra_identity = false;
            matching.outside.cover(covered.start, covered.end, length);
        }
        true
    }

    fn divide(
        &self,
        blocks: &[Block],
        spare: usize,
        segments: &mut Segments,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Covered> {
        let mut covered = Covered {
            start: self.start,
            end: self.end,
        };
        let (mut next, mut spare) = (self.start, spare);
        let mut first = self.first;
        for (number, block) in blocks.iter().enumerate() {
            let least = next + block.n_before;
            let place = (least..=least + spare).find_map(|place| {
                let found = matching.attempt(|side| self.match_block(block, place, side));
                found.map(|found| (place, found))
            });
            let (place, (mut difference, subproblems)) = place?;
            if !subproblems.is_empty() {
                return None;
            }
            difference.assert(matching.values);
            let surplus = place - least;
            let ends = (number == 0 && extend, false);
            let span = (next, place);
            self.divide_among(
                (first, block.start),
                span,
                surplus,
                ends,
                segments,
                matching,
            )?
            .apply(ends, span, &mut covered);
            spare -= surplus;
            first = block.end;
            next = place + block.n_elements;
        }
        let n_fixed: usize = (first..self.last)
            .map(|number| self.list.flexible[number].bounds().0)
            .sum();
        let surplus = (self.end - next).checked_sub(n_fixed)?;
        let ends = (extend && blocks.is_empty(), extend);
        let span = (next, self.end);
        self.divide_among((first, self.last), span, surplus, ends, segments, matching)?
            .apply(ends, span, &mut covered);
        Some(covered)
    }

    /// Divides elements among the variables between two blocks.
    fn divide_among(
        &self,
        (first, last): (usize, usize),
        (start, end): (usize, usize),
        spare: usize,
        (extends_left, extends_right): (bool, bool),
        segments: &mut Segments,
        matching: &Matching<'_>,
    ) -> Option<Border> {
        let variables: Vec<&TopVariable> = (first..last)
            .filter_map(|number| match &self.list.flexible[number] {
                Part::Variable(variable) => Some(variable),
                _ => None,
            })
            .collect();
        if start == end {
            if variables.iter().any(|variable| !variable.takes_identity) {
                return None;
            }
            segments[first..last].fill(Some((start, start)));
            return Some(Border::Nothing);
        }
        let takes = |variable: &TopVariable, position: usize| {
            let element = self.subject.elements[position];
            matching.store.has_sort(element, variable.sort)
        };
        let (mut position, mut spare) = (start, spare);
        let mut first_covered = None;
        let mut extends_left = extends_left;
        for (number, variable) in variables.iter().enumerate() {
            if variable.takes_identity && (spare == 0 || !takes(variable, position)) {
                segments[first + number] = Some((position, position));
                continue;
            }
            if variable.takes_identity {
                spare -= 1;
            }
            while !variable.takes_identity && !takes(variable, position) {
                spare = spare.checked_sub(1)?;
                if !extends_left {
                    let before = first + number.checked_sub(1)?;
                    if !takes(variables[number - 1], position) {
                        return None;
                    }
                    if let Some((_, end)) = &mut segments[before] {
                        *end = position + 1;
                    }
                }
                position += 1;
            }
            if std::mem::replace(&mut extends_left, false) {
                first_covered = Some(position);
            }
            segments[first + number] = Some((position, position + 1));
            position += 1;
        }
        if extends_left {
            return Some(Border::Inside {
                start: Some(end),
                end: extends_right.then_some(end),
            });
        }
        if let Some(last_variable) = variables.last() {
            while spare > 0 && takes(last_variable, position) {
                (spare, position) = (spare - 1, position + 1);
            }
            if spare > 0 && !extends_right {
                return None;
            }
            if let Some((_, end)) = &mut segments[last - 1] {
                *end = position;
            }
        }
        Some(Border::Inside {
            start: first_covered,
            end: extends_right.then_some(position),
        })
    }

    fn bind_segments(&self, segments: &Segments, matching: &mut Matching<'_>) {
        for (part, segment) in self.list.flexible.iter().zip(segments) {
            let (Part::Variable(variable), &Some((start, end))) = (part, segment) else {
                continue;
            };
            if matching.value(variable.index).is_some() {
                continue;
            }
            let value = match &self.subject.elements[start..end] {
                [] => self.subject.identity,
                elements => fragment(matching.store, self.subject.op, elements, false),
            };
            matching.bind(variable.index, value);
        }
    }
}

/// Where what is covered starts and ends, as far as some variables tell.
enum Border {
    /// They take nothing.
    Nothing,
    Inside {
        start: Option<usize>,
        end: Option<usize>,
    },
}

impl Border {
    fn apply(
        self,
        (extends_left, extends_right): (bool, bool),
        (first, last): (usize, usize),
        covered: &mut Covered,
    ) {
        match self {
            Border::Nothing if extends_left => covered.start = first,
            Border::Nothing if extends_right => covered.end = last,
            Border::Nothing => {}
            Border::Inside { start, end } => {
                covered.start = start.unwrap_or(covered.start);
                covered.end = end.unwrap_or(covered.end);
            }
        }
    }
}

/// How the variables of a multiset pattern share elements.
struct Share {
    /// The element that a variable took first, by its position.
    first: Option<usize>,
    /// How many copies of each element it takes besides.
    copies: Vec<usize>,
}

impl Multiset {
    /// Matches patterns and variables; tells whether that worked.
    pub(super) fn match_greedily(
        &self,
        runs: &Runs,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> bool {
        let mut left = runs.left.clone();
        let found = matching.attempt(|side| {
            for (automaton, n_copies) in &self.others {
                let taken = (0..left.len()).find_map(|position| {
                    if left[position] < *n_copies {
                        return None;
                    }
                    let element = runs.elements[position];
                    let found = side.attempt(|inner| automaton.matches(element, inner, false));
                    found.map(|found| (position, found))
                });
                let (position, (mut difference, subproblems)): (usize, (Difference, Subproblems)) =
                    taken?;
                if !subproblems.is_empty() {
                    return None;
                }
                difference.assert(side.values);
                left[position] -= n_copies;
            }
            self.share(runs, &mut left, side, extend)
        });
        let Some((mut difference, ())) = found else {
            return false;
        };
        difference.assert(matching.values);
        if extend {
            matching.outside.is_known = true;
            matching.outside.is_whole = left.iter().all(|&left| left == 0);
            matching.outside.unmatched = left;
        }
        true
    }

    /// Divides what is left among the variables that have no value.
    fn share(
        &self,
        runs: &Runs,
        left: &mut [usize],
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<()> {
        let open: Vec<&TopVariable> = (self.variables.iter())
            .filter(|variable| matching.value(variable.index).is_none())
            .collect();
        let mut shares: Vec<Share> = Vec::new();
        for variable in &open {
            let first = (0..left.len()).find(|&position| {
                left[position] >= variable.multiplicity
                    && matching
                        .store
                        .has_sort(runs.elements[position], variable.sort)
            });
            match first {
                Some(first) => left[first] -= variable.multiplicity,
                None if variable.takes_identity => {}
                None => return None,
            }
            shares.push(Share {
                first,
                copies: vec![0; left.len()],
            });
        }
        let mut n_outside = 0;
        for (position, left) in left.iter_mut().enumerate() {
            if *left == 0 {
                continue;
            }
            let taker = (0..open.len()).rev().find(|&number| {
                open[number].is_closed
                    && matching
                        .store
                        .has_sort(runs.elements[position], open[number].sort)
                    && left.is_multiple_of(open[number].multiplicity)
            });
            match taker {
                Some(taker) => {
                    shares[taker].copies[position] = *left / open[taker].multiplicity;
                    *left = 0;
                }
                None if extend => {
                    n_outside += *left;
                    if n_outside > matching.outside.most {
                        return None;
                    }
                }
                None => return None,
            }
        }
        for (variable, share) in open.into_iter().zip(shares) {
            let mut copies = share.copies;
            if let Some(first) = share.first {
                copies[first] += 1;
            }
            let value: Option<TermId> = runs.share(matching.store, &copies);
            let value = value.unwrap_or_else(|| matching.store.facts(self.op).identity());
            matching.bind(variable.index, value);
        }
        Some(())
    }
}
