//! A state as lists of leaves, and as a term.

use std::cmp::Ordering;

use super::layout::{PlaceId, WHOLE};
use super::leaf::{LeafId, Leaves};
use super::space::{Config, Soup};
use crate::signature::OpId;
use crate::term::{Store, TermId};

impl Config {
    /// Reads the words of a vector.
    pub(super) fn read(&mut self, store: &Store, leaves: &Leaves, words: &[u32]) {
        self.mask = 0;
        for (place, order) in leaves.order.iter().enumerate() {
            let list = &mut self.lists[place];
            list.clear();
            let mut size = 0;
            let mut is_mixed = false;
            for &slot in order {
                let Some(word) = words.get(slot as usize) else {
                    continue;
                };
                for &leaf in leaves.read(word) {
                    size += 1;
                    match list.last_mut() {
                        Some((last, count)) if *last == leaf => *count += 1,
                        _ => {
                            self.mask |= leaves.at(leaf).mask;
                            is_mixed |= leaves.is_mixed(slot);
                            list.push((leaf, 1));
                        }
                    }
                }
            }
            self.sizes[place] = size;
            if is_mixed {
                list.sort_by(|&(a, _), &(b, _)| leaves.compare(store, a, b));
            }
            self.find_runs(leaves, place);
        }
        self.has_unsorted = false;
        self.unsorted.fill(0);
        if leaves.has_unsorted {
            self.count_unsorted(leaves);
        }
    }

    /// Counts the leaves without a sort; a wrapper has none if something inside has none.
    fn count_unsorted(&mut self, leaves: &Leaves) {
        // What is inside has a higher number than what it is inside of.
        for place in (0..self.lists.len()).rev() {
            let count = |&(leaf, count): &(LeafId, u32)| {
                let facts = leaves.at(leaf);
                let is_unsorted = facts.is_unsorted
                    || facts.inside.is_some_and(|inside| self.unsorted[inside] > 0);
                if is_unsorted { count } else { 0 }
            };
            self.unsorted[place] = self.lists[place].iter().map(count).sum();
            self.has_unsorted |= self.unsorted[place] > 0;
        }
    }

    /// Finds neighbors with the same operator.
    fn find_runs(&mut self, leaves: &Leaves, place: PlaceId) {
        let runs = &mut self.runs[place];
        runs.clear();
        for (index, &(leaf, _)) in (0..).zip(&self.lists[place]) {
            let op = leaves.at(leaf).op;
            match runs.last_mut() {
                Some((last, _, end)) if *last == op => *end = index + 1,
                _ => runs.push((op, index, index + 1)),
            }
        }
    }

    /// Where the leaves at a place start and end, or those of them with an operator.
    #[inline]
    pub(super) fn run(&self, place: PlaceId, op: Option<OpId>) -> (u32, u32) {
        let Some(op) = op else {
            return (0, self.lists[place].len() as u32);
        };
        let run = self.runs[place].iter().find(|&&(other, _, _)| other == op);
        run.map_or((0, 0), |&(_, start, end)| (start, end))
    }

    /// Takes leaves away and adds others.
    pub(super) fn change(
        &mut self,
        store: &Store,
        leaves: &Leaves,
        removed: &[LeafId],
        added: &[LeafId],
    ) {
        for &leaf in removed {
            self.remove(leaves, leaf);
        }
        for &leaf in added {
            self.add(store, leaves, leaf);
        }
        if leaves.has_unsorted {
            self.has_unsorted = false;
            self.count_unsorted(leaves);
        }
    }

    /// Takes a leaf away.
    fn remove(&mut self, leaves: &Leaves, leaf: LeafId) {
        let place = leaves.at(leaf).place;
        let list = &mut self.lists[place];
        if let Some(position) = list.iter().position(|&(other, _)| other == leaf) {
            self.sizes[place] -= 1;
            if list[position].1 > 1 {
                list[position].1 -= 1;
            } else {
                list.remove(position);
                self.find_runs(leaves, place);
            }
        }
    }

    /// Adds a leaf.
    fn add(&mut self, store: &Store, leaves: &Leaves, leaf: LeafId) {
        let place = leaves.at(leaf).place;
        self.sizes[place] += 1;
        self.mask |= leaves.at(leaf).mask;
        let list = &mut self.lists[place];
        let mut position = 0;
        while let Some((other, count)) = list.get_mut(position) {
            match leaves.compare(store, *other, leaf) {
                Ordering::Less => position += 1,
                Ordering::Equal => {
                    *count += 1;
                    return;
                }
                Ordering::Greater => break,
            }
        }
        list.insert(position, (leaf, 1));
        self.find_runs(leaves, place);
    }

    /// No leaves at so many places.
    pub(super) fn new(n_places: usize) -> Config {
        Config {
            lists: vec![Vec::new(); n_places],
            runs: vec![Vec::new(); n_places],
            sizes: vec![0; n_places],
            mask: 0,
            unsorted: vec![0; n_places],
            has_unsorted: false,
        }
    }

    /// Whether a leaf is there.
    pub(super) fn has(&self, leaves: &Leaves, leaf: LeafId) -> bool {
        let list = &self.lists[leaves.at(leaf).place];
        list.iter().any(|&(other, _)| other == leaf)
    }
}

impl Soup {
    /// The term of a state; it is transient.
    pub(super) fn compose(&self, store: &mut Store, config: &Config) -> TermId {
        if let Some(&(leaf, _)) = config.lists[WHOLE].first() {
            return self.leaves.at(leaf).term;
        }
        let tops: smallvec::SmallVec<[TermId; 8]> = (self.layout.tops.iter())
            .map(|&place| self.compose_place(store, config, place, &[]))
            .collect();
        match self.layout.root {
            Some(root) => {
                let term = store.transient_normal(root, &tops);
                store.set_normal(term);
                term
            }
            None => tops[0],
        }
    }

    /// The term of what is at a place, without some leaves.
    pub(super) fn compose_place(
        &self,
        store: &mut Store,
        config: &Config,
        place: PlaceId,
        without: &[LeafId],
    ) -> TermId {
        let Some(collection) = self.layout.collection(place) else {
            let leaf = config.lists[place].first().map_or(0, |&(leaf, _)| leaf);
            return self.leaves.at(leaf).term;
        };
        let mut elements: smallvec::SmallVec<[TermId; 32]> = smallvec::SmallVec::new();
        for &(leaf, count) in &config.lists[place] {
            let gone = without.iter().filter(|&&other| other == leaf).count();
            let facts = self.leaves.at(leaf);
            let mut term = facts.term;
            if term == TermId::NONE && gone == 0 {
                let Some(inside) = self.layout.inside(place, facts.op) else {
                    unreachable!("wrappers have something inside");
                };
                let argument = self.compose_place(store, config, inside, without);
                term = store.transient_normal(facts.op, &[argument]);
            }
            elements.extend(std::iter::repeat_n(term, count as usize - gone));
        }
        match elements.as_slice() {
            [] => store.facts(collection.op).identity(),
            &[single] => single,
            _ => {
                let term = store.transient_sorted(collection.op, &elements);
                store.set_normal(term);
                term
            }
        }
    }
}
