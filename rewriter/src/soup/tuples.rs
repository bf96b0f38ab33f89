//! Tuples of leaves that a join may match.
//!
//! The one idea: part by part, in the order of the plan; leaves with the operator of a part are
//! neighbors, and where the first argument follows from an earlier part it is looked up and
//! compared. The enumeration is a value, so that whoever takes tuples may stop and go on.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::join::{JoinKey, JoinPart, JoinRest};
use super::layout::PlaceId;
use super::leaf::{LeafId, Leaves, Mask};
use super::plan::Anchor;
use super::space::{Config, Hands, Soup, Unfit};
use crate::reduction::Reducer;
use crate::term::TermId;

/// In longer runs leaves are looked for by their first argument.
const LONG: usize = 16;

/// First arguments that a leaf may have.
#[derive(Clone, Debug)]
pub(super) enum Keys {
    Any,
    One(TermId),
    Several(SmallVec<[TermId; 1]>),
}

impl Keys {
    #[inline]
    pub(super) fn contain(&self, key: TermId) -> bool {
        match self {
            Keys::Any => true,
            Keys::One(only) => *only == key,
            Keys::Several(keys) => keys.contains(&key),
        }
    }
}

/// The candidates for a part that were not tried yet.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    next: u32,
    end: u32,
    keys: Keys,
}

impl Candidates {
    /// The next leaf that may match the part, and how often it is there.
    #[inline]
    pub(super) fn advance(
        &mut self,
        leaves: &Leaves,
        config: &Config,
        place: PlaceId,
        bit: Mask,
    ) -> Option<(LeafId, u32)> {
        while self.next < self.end {
            let (leaf, count) = config.lists[place][self.next as usize];
            self.next += 1;
            let facts = leaves.at(leaf);
            if self.keys.contain(facts.key) && facts.mask & bit != 0 {
                return Some((leaf, count));
            }
        }
        None
    }
}

/// An enumeration.
#[derive(Clone, Debug)]
pub(super) struct Tuples {
    /// The tuple that was found last.
    pub(super) tuple: SmallVec<[LeafId; 8]>,
    candidates: SmallVec<[Candidates; 3]>,
    is_started: bool,
}

impl Tuples {
    /// Nothing was enumerated yet.
    pub(super) fn new() -> Tuples {
        Tuples {
            tuple: SmallVec::new(),
            candidates: SmallVec::new(),
            is_started: false,
        }
    }
}

impl Soup {
    /// What can be said before any leaf is chosen.
    #[inline]
    pub(super) fn may_match(&self, config: &Config, number: usize, is_equation: bool) -> bool {
        let join = self.join(number, is_equation);
        if join.bits & !config.mask != 0 {
            return false;
        }
        if let Anchor::Collection(place) = join.anchor
            && config.sizes[place] < 2
        {
            return false;
        }
        let has_sort = |&(place, sort): &(PlaceId, _)| {
            let leaf = config.lists[place].first();
            leaf.is_some_and(|&(leaf, _)| self.signature.leq(self.leaves.at(leaf).sort, sort))
        };
        let fits = |rest: &JoinRest| {
            let size = config.sizes[rest.place] as usize;
            size >= rest.matched + rest.least && (!rest.is_empty || size == rest.matched)
        };
        join.rests.iter().all(fits)
            && join.guards.iter().all(has_sort)
            && join
                .wrappers
                .iter()
                .all(|&(leaf, _)| config.has(&self.leaves, leaf))
    }

    /// Goes on to the next tuple; tells whether there is one.
    pub(super) fn next_tuple(
        &mut self,
        hands: &mut Hands<'_>,
        config: &Config,
        number: usize,
        is_equation: bool,
        tuples: &mut Tuples,
    ) -> Result<bool, Unfit> {
        let n_parts = self.join(number, is_equation).parts.len();
        if !tuples.is_started {
            tuples.is_started = true;
            if n_parts == 0 {
                return Ok(self.rests_are_sorted(config, number, is_equation, &tuples.tuple));
            }
            let first = self.candidates(hands, config, number, is_equation, &tuples.tuple)?;
            tuples.candidates.push(first);
        } else {
            tuples.tuple.pop();
        }
        while let Some(candidates) = tuples.candidates.last_mut() {
            let part = &self.join(number, is_equation).parts[tuples.tuple.len()];
            let (place, bit) = (part.place, part.bit);
            let leaves = &self.leaves;
            let mut found = None;
            while let Some((leaf, count)) = candidates.advance(leaves, config, place, bit) {
                let chosen = tuples.tuple.iter().filter(|&&other| other == leaf).count();
                if chosen < count as usize {
                    found = Some(leaf);
                    break;
                }
            }
            let Some(leaf) = found else {
                tuples.candidates.pop();
                tuples.tuple.pop();
                continue;
            };
            tuples.tuple.push(leaf);
            if tuples.tuple.len() == n_parts {
                if self.rests_are_sorted(config, number, is_equation, &tuples.tuple) {
                    return Ok(true);
                }
                tuples.tuple.pop();
                continue;
            }
            let next = self.candidates(hands, config, number, is_equation, &tuples.tuple)?;
            tuples.candidates.push(next);
        }
        Ok(false)
    }

    /// Whether what a tuple leaves has the sorts that it must have.
    #[inline]
    pub(super) fn rests_are_sorted(
        &self,
        config: &Config,
        number: usize,
        is_equation: bool,
        tuple: &[LeafId],
    ) -> bool {
        !config.has_unsorted || self.rests_have_sorts(config, number, is_equation, tuple)
    }

    fn rests_have_sorts(
        &self,
        config: &Config,
        number: usize,
        is_equation: bool,
        tuple: &[LeafId],
    ) -> bool {
        let join = self.join(number, is_equation);
        let is_unsorted = |place: PlaceId, leaf: LeafId| {
            let facts = self.leaves.at(leaf);
            facts.place == place
                && (facts.is_unsorted
                    || facts
                        .inside
                        .is_some_and(|inside| config.unsorted[inside] > 0))
        };
        join.rests.iter().filter(|rest| rest.is_sorted).all(|rest| {
            let matched = tuple
                .iter()
                .chain(join.wrappers.iter().map(|(leaf, _)| leaf));
            let matched = matched
                .filter(|&&leaf| is_unsorted(rest.place, leaf))
                .count();
            config.unsorted[rest.place] as usize == matched
        })
    }

    /// The candidates for the next part.
    fn candidates(
        &mut self,
        hands: &mut Hands<'_>,
        config: &Config,
        number: usize,
        is_equation: bool,
        tuple: &[LeafId],
    ) -> Result<Candidates, Unfit> {
        let part = self.join(number, is_equation).parts[tuple.len()];
        let keys = self.keys_for(hands, config, part, tuple)?;
        Ok(self.places(config, part, keys))
    }

    /// The first arguments that a leaf for a part may have, after others were chosen.
    pub(super) fn keys_for(
        &mut self,
        hands: &mut Hands<'_>,
        config: &Config,
        part: JoinPart,
        tuple: &[LeafId],
    ) -> Result<Keys, Unfit> {
        Ok(match part.key {
            JoinKey::Unknown => Keys::Any,
            JoinKey::Constant(term) => Keys::One(term),
            JoinKey::Probe { part: other, probe } => {
                let (next, end) = config.run(part.place, part.op);
                if next == end {
                    return Ok(Keys::Any);
                }
                self.keys_of(hands, probe, tuple[other])?
            }
        })
    }

    /// Where leaves for a part stand.
    #[inline]
    pub(super) fn places(&self, config: &Config, part: JoinPart, keys: Keys) -> Candidates {
        let key = match keys {
            Keys::One(key) => Some(key),
            Keys::Any | Keys::Several(_) => None,
        };
        let (next, end) = self.span(config, part, key);
        Candidates { next, end, keys }
    }

    /// Where leaves for a part start and end; in a long run, those that have a first argument.
    #[inline]
    pub(super) fn span(&self, config: &Config, part: JoinPart, key: Option<TermId>) -> (u32, u32) {
        let (start, end) = config.run(part.place, part.op);
        // There a key is found faster than it is met.
        if let (Some(key), Some(op)) = (key, part.op)
            && (end - start) as usize > LONG
        {
            let list = &config.lists[part.place];
            if let Some(first) = self.leaves.find(list, part.place, op, key) {
                let first = (first as u32).clamp(start, end);
                // Those with the key are neighbors.
                let others = list[first as usize..end as usize].iter();
                let same = others.take_while(|(leaf, _)| self.leaves.at(*leaf).key == key);
                return (first, first + same.count() as u32);
            }
        }
        (start, end)
    }

    /// The values that a variable may have in a leaf.
    fn keys_of(
        &mut self,
        hands: &mut Hands<'_>,
        probe: usize,
        leaf: LeafId,
    ) -> Result<Keys, Unfit> {
        if let Some(known) = self.keys.get(&(probe as u32, leaf)) {
            return Ok(match known.as_slice() {
                &[only] => Keys::One(only),
                _ => Keys::Several(known.clone()),
            });
        }
        let reducer = hands.reducer();
        let mut values: SmallVec<[TermId; 1]> = SmallVec::new();
        let mut add = |_: &mut Reducer, outputs: &[TermId], _| {
            if !values.contains(&outputs[0]) {
                values.push(outputs[0]);
            }
            ControlFlow::Continue(())
        };
        let term = self.leaves.at(leaf).term;
        reducer.solve_pieces(&self.probes.keys[probe], &[term], &mut add)?;
        self.keys.insert((probe as u32, leaf), values.clone());
        if let Some(sharing) = self.sharing.as_mut().filter(|sharing| sharing.is_copy) {
            sharing.touched.keys.push((probe as u32, leaf));
        }
        Ok(Keys::Several(values))
    }
}
