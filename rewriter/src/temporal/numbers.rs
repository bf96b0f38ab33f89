//! Sets of numbers, and tables that number what is put into them.

use std::hash::Hash;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

/// A set of small numbers. Sets are ordered as Maude orders them: by length in words, then by
/// words from the lowest on.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct NumberSet(SmallVec<[u64; 1]>);

impl NumberSet {
    /// The numbers below a bound.
    pub(super) fn below(bound: u32) -> NumberSet {
        (0..bound).collect()
    }

    pub(super) fn insert(&mut self, number: u32) {
        let word = number as usize / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (number % 64);
    }

    pub(super) fn remove(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
        self.shorten();
    }

    pub(super) fn contains(&self, number: u32) -> bool {
        let word = self.0.get(number as usize / 64);
        word.is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every number of the other set is in this one.
    pub(super) fn contains_all(&self, other: &NumberSet) -> bool {
        other.0.len() <= self.0.len()
            && (self.0.iter().zip(&other.0)).all(|(mine, theirs)| theirs & !mine == 0)
    }

    pub(super) fn insert_all(&mut self, other: &NumberSet) {
        if other.0.len() > self.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    pub(super) fn remove_all(&mut self, other: &NumberSet) {
        for (word, less) in self.0.iter_mut().zip(&other.0) {
            *word &= !less;
        }
        self.shorten();
    }

    pub(super) fn intersect(&mut self, other: &NumberSet) {
        self.0.truncate(other.0.len());
        for (word, allowed) in self.0.iter_mut().zip(&other.0) {
            *word &= allowed;
        }
        self.shorten();
    }

    /// The numbers, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        (0u32..).zip(&self.0).flat_map(|(index, &word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| index * 64 + bit)
        })
    }

    /// What the numbers become; some vanish.
    pub(super) fn mapped(&self, map: &[Option<u32>]) -> NumberSet {
        (self.iter())
            .filter_map(|number| map.get(number as usize).copied().flatten())
            .collect()
    }

    fn shorten(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

impl FromIterator<u32> for NumberSet {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> NumberSet {
        let mut set = NumberSet::default();
        for number in numbers {
            set.insert(number);
        }
        set
    }
}

impl Ord for NumberSet {
    fn cmp(&self, other: &NumberSet) -> std::cmp::Ordering {
        // The first word is there always.
        let length = |set: &NumberSet| set.0.len().max(1);
        (length(self).cmp(&length(other))).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for NumberSet {
    fn partial_cmp(&self, other: &NumberSet) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Things numbered in the order in which they came.
#[derive(Clone, Debug)]
pub(super) struct Table<T> {
    things: Vec<T>,
    numbers: HashMap<T, u32, FxBuildHasher>,
}

impl<T: Clone + Eq + Hash> Table<T> {
    pub(super) fn new() -> Table<T> {
        Table {
            things: Vec::new(),
            numbers: HashMap::default(),
        }
    }

    /// The number of a thing, which is new if it was not there before.
    pub(super) fn number(&mut self, thing: T) -> u32 {
        let next = self.things.len() as u32;
        *self.numbers.entry(thing).or_insert_with_key(|thing| {
            self.things.push(thing.clone());
            next
        })
    }

    pub(super) fn get(&self, number: u32) -> &T {
        &self.things[number as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.things.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.things.iter()
    }
}
