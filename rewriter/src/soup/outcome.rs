//! What a join makes of a tuple of leaves, remembered.
//!
//! The one idea: an outcome is a list of leaves that go and a list of leaves that come. Outcomes and
//! the tuples they belong to lie in one vector of words each; when they grow beyond a bound,
//! everything is forgotten and computed again where it is still needed.

use std::ops::Range;

use hashbrown::HashTable;

use super::leaf::LeafId;
use super::results::hash;
use crate::module::StatementId;

/// The number of an outcome.
pub(crate) type OutcomeId = u32;

/// One way in which a join, or a rule inside a leaf, applies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Solution {
    pub(crate) rule: StatementId,
    /// How far below the leaf the rule applied.
    pub(crate) depth: u16,
    pub(crate) outcome: OutcomeId,
    /// Rewrites since the solution before.
    pub(crate) n_rewrites: u32,
}

#[derive(Clone, Debug)]
struct Outcome {
    start: u32,
    n_removed: u32,
    n_added: u32,
    /// Where it is as changes of slots, and how many.
    changes: Option<(u32, u32)>,
    /// An equation may apply after it.
    closes: bool,
}

/// What an outcome does to a slot that holds one leaf at most: from, and to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlotChange {
    pub(crate) slot: u32,
    pub(crate) from: LeafId,
    pub(crate) to: LeafId,
}

#[derive(Clone, Debug)]
struct Entry {
    key: Range<u32>,
    solutions: Range<u32>,
    /// Rewrites after the last solution.
    tail: u32,
}

/// What a join makes of one leaf.
#[derive(Clone, Debug)]
struct Single {
    join: u32,
    solutions: Range<u32>,
    /// Rewrites after the last solution.
    tail: u32,
    /// What another join makes of the same leaf; nothing if it is the last.
    next: u32,
}

/// No number of a [`Single`].
const NONE: u32 = u32::MAX;

/// How much is remembered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemoMark {
    n_outcomes: usize,
    n_leaves: usize,
    n_changes: usize,
    n_keys: usize,
    n_solutions: usize,
    n_entries: usize,
    n_singles: usize,
    n_cleared: u32,
}

/// Outcomes by tuple.
#[derive(Clone, Default, Debug)]
pub(crate) struct Memo {
    outcomes: Vec<Outcome>,
    leaves: Vec<LeafId>,
    changes: Vec<SlotChange>,
    keys: Vec<u32>,
    solutions: Vec<Solution>,
    entries: Vec<Entry>,
    index: HashTable<u32>,
    /// For each leaf, the first of what joins make of it alone.
    firsts: Vec<u32>,
    singles: Vec<Single>,
    n_cleared: u32,
    pub(crate) n_hits: u64,
    pub(crate) n_misses: u64,
}

impl Memo {
    /// Adds an outcome; what both goes and comes is left out.
    pub(crate) fn outcome(
        &mut self,
        removed: &mut Vec<LeafId>,
        added: &mut Vec<LeafId>,
        closes: bool,
        slot_of: &dyn Fn(LeafId) -> u32,
    ) -> OutcomeId {
        removed.retain(|leaf| match added.iter().position(|other| other == leaf) {
            Some(position) => {
                added.swap_remove(position);
                false
            }
            None => true,
        });
        let changes = self.add_changes(removed, added, slot_of);
        let start = self.leaves.len() as u32;
        self.leaves.extend_from_slice(removed);
        self.leaves.extend_from_slice(added);
        self.outcomes.push(Outcome {
            start,
            n_removed: removed.len() as u32,
            n_added: added.len() as u32,
            changes,
            closes: closes && !(removed.is_empty() && added.is_empty()),
        });
        self.outcomes.len() as u32 - 1
    }

    fn add_changes(
        &mut self,
        removed: &[LeafId],
        added: &[LeafId],
        slot_of: &dyn Fn(LeafId) -> u32,
    ) -> Option<(u32, u32)> {
        let start = self.changes.len();
        for &from in removed {
            let slot = slot_of(from);
            if self.changes[start..]
                .iter()
                .any(|change| change.slot == slot)
            {
                self.changes.truncate(start);
                return None;
            }
            self.changes.push(SlotChange { slot, from, to: 0 });
        }
        for &to in added {
            let slot = slot_of(to);
            let known = self.changes[start..]
                .iter_mut()
                .find(|change| change.slot == slot);
            match known {
                Some(change) if change.to == 0 => change.to = to,
                Some(_) => {
                    self.changes.truncate(start);
                    return None;
                }
                None => self.changes.push(SlotChange { slot, from: 0, to }),
            }
        }
        self.changes[start..].sort_unstable_by_key(|change| change.slot);
        Some((start as u32, (self.changes.len() - start) as u32))
    }

    /// An outcome as changes of slots in ascending order, if no slot changes twice.
    #[inline]
    pub(crate) fn changes(&self, outcome: OutcomeId) -> Option<&[SlotChange]> {
        let (start, length) = self.outcomes[outcome as usize].changes?;
        Some(&self.changes[start as usize..][..length as usize])
    }

    /// The leaves that go.
    #[inline]
    pub(crate) fn removed(&self, outcome: OutcomeId) -> &[LeafId] {
        let outcome = &self.outcomes[outcome as usize];
        &self.leaves[outcome.start as usize..][..outcome.n_removed as usize]
    }

    /// The leaves that come.
    #[inline]
    pub(crate) fn added(&self, outcome: OutcomeId) -> &[LeafId] {
        let outcome = &self.outcomes[outcome as usize];
        let start = outcome.start + outcome.n_removed;
        &self.leaves[start as usize..][..outcome.n_added as usize]
    }

    /// Whether an equation may apply after it.
    #[inline]
    pub(crate) fn closes(&self, outcome: OutcomeId) -> bool {
        self.outcomes[outcome as usize].closes
    }

    /// The solutions of a tuple, if they are known, and the rewrites after the last.
    #[inline]
    pub(crate) fn find(&mut self, key: &[u32]) -> Option<(Range<u32>, u32)> {
        let (entries, keys) = (&self.entries, &self.keys);
        let key_of = |entry: &Entry| &keys[entry.key.start as usize..entry.key.end as usize];
        let found = self
            .index
            .find(hash(key), |&entry| key_of(&entries[entry as usize]) == key);
        match found {
            Some(&entry) => {
                self.n_hits += 1;
                let entry = &self.entries[entry as usize];
                Some((entry.solutions.clone(), entry.tail))
            }
            None => {
                self.n_misses += 1;
                None
            }
        }
    }

    /// The solutions of a join that looks at one leaf, if they are known, and the rewrites after the
    /// last.
    #[inline]
    pub(crate) fn find_single(&mut self, join: u32, leaf: LeafId) -> Option<(Range<u32>, u32)> {
        let mut number = self.firsts.get(leaf as usize).copied().unwrap_or(NONE);
        while number != NONE {
            let single = &self.singles[number as usize];
            if single.join == join {
                self.n_hits += 1;
                return Some((single.solutions.clone(), single.tail));
            }
            number = single.next;
        }
        self.n_misses += 1;
        None
    }

    /// Remembers the solutions of a join that looks at one leaf.
    pub(crate) fn insert_single(
        &mut self,
        join: u32,
        leaf: LeafId,
        solutions: &[Solution],
        tail: u32,
    ) -> Range<u32> {
        let range = self.add_solutions(solutions);
        if self.firsts.len() <= leaf as usize {
            self.firsts.resize(leaf as usize + 1, NONE);
        }
        let first = &mut self.firsts[leaf as usize];
        let number = self.singles.len() as u32;
        self.singles.push(Single {
            join,
            solutions: range.clone(),
            tail,
            next: std::mem::replace(first, number),
        });
        range
    }

    /// A solution by number.
    #[inline]
    pub(crate) fn solution(&self, number: u32) -> Solution {
        self.solutions[number as usize]
    }

    /// Remembers the solutions of a tuple.
    pub(crate) fn insert(&mut self, key: &[u32], solutions: &[Solution], tail: u32) -> Range<u32> {
        let range = self.add_solutions(solutions);
        let start = self.keys.len() as u32;
        self.keys.extend_from_slice(key);
        let entry = self.entries.len() as u32;
        self.entries.push(Entry {
            key: start..self.keys.len() as u32,
            solutions: range.clone(),
            tail,
        });
        let (entries, keys) = (&self.entries, &self.keys);
        self.index.insert_unique(hash(key), entry, |&other| {
            let key = &entries[other as usize].key;
            hash(&keys[key.start as usize..key.end as usize])
        });
        range
    }

    /// Solutions that belong to no tuple.
    pub(crate) fn add_solutions(&mut self, solutions: &[Solution]) -> Range<u32> {
        let start = self.solutions.len() as u32;
        self.solutions.extend_from_slice(solutions);
        start..self.solutions.len() as u32
    }

    /// The bytes in use.
    pub(crate) fn bytes(&self) -> usize {
        self.outcomes.len() * size_of::<Outcome>()
            + self.changes.len() * size_of::<SlotChange>()
            + (self.leaves.len() + self.keys.len()) * size_of::<u32>()
            + self.solutions.len() * size_of::<Solution>()
            + self.entries.len() * (size_of::<Entry>() + 6)
            + self.firsts.len() * size_of::<u32>()
            + self.singles.len() * size_of::<Single>()
    }

    /// How much is remembered now.
    pub(crate) fn mark(&self) -> MemoMark {
        MemoMark {
            n_outcomes: self.outcomes.len(),
            n_leaves: self.leaves.len(),
            n_changes: self.changes.len(),
            n_keys: self.keys.len(),
            n_solutions: self.solutions.len(),
            n_entries: self.entries.len(),
            n_singles: self.singles.len(),
            n_cleared: self.n_cleared,
        }
    }

    /// Whether everything was forgotten since.
    pub(crate) fn was_cleared(&self, mark: MemoMark) -> bool {
        self.n_cleared != mark.n_cleared
    }

    /// Forgets what was remembered since; among it what joins make of these leaves alone, in the order
    /// in which that was remembered.
    pub(crate) fn truncate(&mut self, mark: MemoMark, singles: &[LeafId]) {
        for number in mark.n_entries..self.entries.len() {
            let key = self.entries[number].key.clone();
            let hash = hash(&self.keys[key.start as usize..key.end as usize]);
            let known = (self.index).find_entry(hash, |&entry| entry as usize == number);
            if let Ok(entry) = known {
                entry.remove();
            }
        }
        for &leaf in singles.iter().rev() {
            if let Some(single) = self.singles.pop() {
                self.firsts[leaf as usize] = single.next;
            }
        }
        debug_assert_eq!(self.singles.len(), mark.n_singles);
        self.entries.truncate(mark.n_entries);
        self.outcomes.truncate(mark.n_outcomes);
        self.leaves.truncate(mark.n_leaves);
        self.changes.truncate(mark.n_changes);
        self.keys.truncate(mark.n_keys);
        self.solutions.truncate(mark.n_solutions);
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.n_cleared += 1;
        self.outcomes.clear();
        self.leaves.clear();
        self.changes.clear();
        self.keys.clear();
        self.solutions.clear();
        self.entries.clear();
        self.index.clear();
        self.firsts.clear();
        self.singles.clear();
    }
}
