//! Leaves and the slots in which they stand.
//!
//! The one idea: the words of a state vector are *slots*. Elements with the same operator and the same
//! first argument share a slot, because usually there is one such element at a time (`< 3 | ... >`)
//! and it keeps its slot when it changes; so few words differ between a state and its successors. A
//! slot holds 0 for nothing, the number of a leaf, or the number of a list of several. Slots are
//! sorted in the order of the terms they can hold, which is the order in which rules see them.

use std::cmp::Ordering;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::layout::{Layout, Part, Place, PlaceId};
use crate::signature::{OpId, SortId};
use crate::term::{Store, TermId, Theory};

/// The number of a leaf, from 1.
pub(crate) type LeafId = u32;

/// A slot holds a list of leaves if this bit is set.
pub(crate) const SEVERAL: u32 = 1 << 31;

/// Bits for the parts of joins that a leaf may match.
pub(crate) type Mask = u128;

/// What is known of a leaf.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// `NONE` for a wrapper.
    pub(crate) term: TermId,
    pub(crate) op: OpId,
    /// The first argument, or `NONE`.
    pub(crate) key: TermId,
    pub(crate) place: PlaceId,
    /// For a wrapper, the place inside.
    pub(crate) inside: Option<PlaceId>,
    pub(crate) slot: u32,
    /// Parts of rules and equations that it may match.
    pub(crate) mask: Mask,
    pub(crate) sort: SortId,
    /// It has the error sort of its kind.
    pub(crate) is_unsorted: bool,
}

/// A position of the state vector.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    op: OpId,
    /// Some leaf that may stand here.
    representative: TermId,
    /// Leaves of other slots may come between those that stand here.
    is_mixed: bool,
}

/// Slots of their own for elements with one operator at one place, at most, if fewer than half as
/// many were ever there together; the others share.
const MOST_SLOTS: u32 = 256;
const SHARED_SLOTS: u32 = 16;

/// All leaves that were met, and all slots.
#[derive(Clone, Default, Debug)]
pub(crate) struct Leaves {
    leaves: Vec<Leaf>,
    numbers: HashMap<(PlaceId, Part), LeafId, FxBuildHasher>,
    pub(crate) slots: Vec<Slot>,
    slot_numbers: HashMap<(PlaceId, OpId, TermId), u32, FxBuildHasher>,
    n_slots: HashMap<(PlaceId, OpId), SlotCount, FxBuildHasher>,
    /// For each place, its slots in the order of the terms they hold.
    pub(crate) order: Vec<Vec<u32>>,
    /// For each slot, its position in that order.
    rank: Vec<u32>,
    lists: Vec<Box<[LeafId]>>,
    list_numbers: HashMap<Box<[LeafId]>, u32, FxBuildHasher>,
    /// What the word for a slot becomes with one leaf more (`true`) or less.
    becomes: HashMap<(u32, LeafId, bool), u32, FxBuildHasher>,
    /// How often something was added there.
    pub(crate) n_changes: u64,
    /// Some leaf has no sort.
    pub(crate) has_unsorted: bool,
    /// Slots were added since they were put in order.
    pub(crate) is_unordered: bool,
    has_mixed: bool,
}

/// Changes of slots that are remembered at most.
const MOST_CHANGES: usize = 1 << 19;

/// Slots for elements with one operator at one place.
#[derive(Clone, Copy, Default, Debug)]
struct SlotCount {
    count: u32,
    /// Twice as many as there were elements together.
    most: u32,
}

impl Leaves {
    pub(crate) fn new(layout: &Layout) -> Leaves {
        Leaves {
            leaves: vec![Leaf {
                term: TermId::NONE,
                op: OpId(0),
                key: TermId::NONE,
                place: 0,
                inside: None,
                slot: 0,
                mask: 0,
                sort: SortId(0),
                is_unsorted: false,
            }],
            order: vec![Vec::new(); layout.places.len()],
            ..Leaves::default()
        }
    }

    #[inline]
    pub(crate) fn at(&self, leaf: LeafId) -> &Leaf {
        &self.leaves[leaf as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.leaves.len()
    }

    pub(crate) fn set_mask(&mut self, leaf: LeafId, mask: Mask) {
        self.leaves[leaf as usize].mask = mask;
    }

    /// The number of what stands at a place, if it has one.
    pub(crate) fn known(&self, place: PlaceId, part: Part) -> Option<LeafId> {
        self.numbers.get(&(place, part)).copied()
    }

    /// The number of what stands at a place; tells whether it is new.
    pub(crate) fn number(
        &mut self,
        store: &Store,
        layout: &Layout,
        place: PlaceId,
        part: Part,
    ) -> (LeafId, bool) {
        if let Some(&leaf) = self.numbers.get(&(place, part)) {
            return (leaf, false);
        }
        let (term, op) = match part {
            Part::Leaf(term) => (term, store.op(term)),
            Part::Wrapper(op) => (TermId::NONE, op),
        };
        let is_record = store.theory(op) == Theory::Free && term != TermId::NONE;
        let key = match store_arguments(store, term) {
            [first, ..] if is_record => *first,
            _ => TermId::NONE,
        };
        let slot = self.slot(layout, place, op, key, term);
        let leaf = self.leaves.len() as LeafId;
        let is_unsorted = term != TermId::NONE && store.signature().is_error_sort(store.sort(term));
        self.has_unsorted |= is_unsorted;
        self.leaves.push(Leaf {
            term,
            op,
            key,
            place,
            inside: match part {
                Part::Wrapper(op) => layout.inside(place, op),
                Part::Leaf(_) => None,
            },
            slot,
            mask: 0,
            sort: if term == TermId::NONE {
                SortId(0)
            } else {
                store.sort(term)
            },
            is_unsorted,
        });
        self.numbers.insert((place, part), leaf);
        (leaf, true)
    }

    fn slot(
        &mut self,
        layout: &Layout,
        place: PlaceId,
        op: OpId,
        key: TermId,
        term: TermId,
    ) -> u32 {
        let (op, key) = match layout.places[place] {
            Place::Collection(_) => (op, key),
            // Where one term stands at a time, it always stands in the same slot.
            Place::Whole | Place::Argument => (OpId(u32::MAX), TermId::NONE),
        };
        if let Some(&slot) = self.slot_numbers.get(&(place, op, key)) {
            return slot;
        }
        let SlotCount { count, most } = self.n_slots.entry((place, op)).or_default();
        let mut name = key;
        let mut is_mixed = false;
        if *count >= MOST_SLOTS.max(*most) {
            is_mixed = true;
            self.has_mixed = true;
            name = TermId::word(u32::MAX - hash(key) % SHARED_SLOTS);
            if let Some(&slot) = self.slot_numbers.get(&(place, op, name)) {
                return slot;
            }
        }
        *count += 1;
        let slot = self.slots.len() as u32;
        self.slots.push(Slot {
            op,
            representative: term,
            is_mixed,
        });
        self.slot_numbers.insert((place, op, name), slot);
        self.order[place].push(slot);
        self.rank.push(0);
        self.is_unordered = true;
        slot
    }

    /// Puts slots in order after new ones were added.
    pub(crate) fn put_in_order(&mut self, store: &Store) {
        if !std::mem::take(&mut self.is_unordered) {
            return;
        }
        let slots = &self.slots;
        for order in &mut self.order {
            order.sort_by(|&a, &b| slots[a as usize].compare(store, &slots[b as usize]));
            for (rank, &slot) in (0..).zip(order.iter()) {
                self.rank[slot as usize] = rank;
            }
        }
    }

    /// So many elements with an operator are at a place together: they may have slots of their own.
    pub(crate) fn expect(&mut self, place: PlaceId, op: OpId, count: u32) {
        if count > MOST_SLOTS / 2 {
            let most = &mut self.n_slots.entry((place, op)).or_default().most;
            *most = (*most).max(2 * count);
        }
    }

    /// Where in a list of leaves, in order, those of a slot begin; nothing if they may be anywhere.
    pub(crate) fn find(
        &self,
        list: &[(LeafId, u32)],
        place: PlaceId,
        op: OpId,
        key: TermId,
    ) -> Option<usize> {
        let &slot = self.slot_numbers.get(&(place, op, key))?;
        if self.has_mixed {
            return None;
        }
        let rank = self.rank[slot as usize];
        Some(list.partition_point(|&(leaf, _)| self.rank[self.at(leaf).slot as usize] < rank))
    }

    /// The leaves that a word of a vector stands for.
    #[inline]
    pub(crate) fn read<'a>(&'a self, word: &'a u32) -> &'a [LeafId] {
        match *word {
            0 => &[],
            several if several & SEVERAL != 0 => &self.lists[(several & !SEVERAL) as usize],
            _ => std::slice::from_ref(word),
        }
    }

    /// Whether all leaves of a vector are known here.
    pub(crate) fn know(&self, words: &[u32]) -> bool {
        let is_known = |&word: &u32| match word & SEVERAL {
            0 => (word as usize) < self.leaves.len(),
            _ => ((word & !SEVERAL) as usize) < self.lists.len(),
        };
        let (mine, others) = words.split_at(words.len().min(self.slots.len()));
        mine.iter().all(is_known) && others.iter().all(|&word| word == 0)
    }

    /// The order of terms.
    #[inline]
    pub(crate) fn compare(&self, store: &Store, left: LeafId, right: LeafId) -> Ordering {
        if left == right {
            return Ordering::Equal;
        }
        let (left, right) = (self.at(left), self.at(right));
        let is_mixed = self.is_mixed(left.slot) || self.is_mixed(right.slot);
        if left.slot != right.slot && (left.op != right.op || !is_mixed) {
            let rank = |leaf: &Leaf| self.rank[leaf.slot as usize];
            return rank(left).cmp(&rank(right));
        }
        store.compare(left.term, right.term)
    }

    /// The word for a slot with one leaf less.
    pub(crate) fn without(&mut self, word: u32, leaf: LeafId) -> u32 {
        if let Some(known) = self.known_without(word, leaf) {
            return known;
        }
        let list = &self.lists[(word & !SEVERAL) as usize];
        let position = list.iter().position(|&other| other == leaf);
        let mut left = list.to_vec();
        if let Some(position) = position {
            left.remove(position);
        }
        let left = match left.as_slice() {
            &[single] => single,
            _ => self.list(left),
        };
        self.remember((word, leaf, false), left);
        left
    }

    /// The same, if it is known.
    #[inline]
    pub(crate) fn known_without(&self, word: u32, leaf: LeafId) -> Option<u32> {
        if word & SEVERAL == 0 {
            debug_assert_eq!(word, leaf);
            return Some(0);
        }
        self.becomes.get(&(word, leaf, false)).copied()
    }

    /// The word for a slot with one leaf more.
    pub(crate) fn with(&mut self, store: &Store, word: u32, leaf: LeafId) -> u32 {
        if let Some(known) = self.known_with(word, leaf) {
            return known;
        }
        let mut leaves = self.read(&word).to_vec();
        let position = leaves.partition_point(|&other| {
            let (other, own) = (self.at(other).term, self.at(leaf).term);
            store.compare(other, own).is_lt()
        });
        leaves.insert(position, leaf);
        let list = self.list(leaves);
        self.remember((word, leaf, true), list);
        list
    }

    /// The same, if it is known.
    #[inline]
    pub(crate) fn known_with(&self, word: u32, leaf: LeafId) -> Option<u32> {
        if word == 0 {
            return Some(leaf);
        }
        self.becomes.get(&(word, leaf, true)).copied()
    }

    fn remember(&mut self, change: (u32, LeafId, bool), word: u32) {
        if self.becomes.len() >= MOST_CHANGES {
            self.becomes.clear();
        }
        self.becomes.insert(change, word);
        self.n_changes += 1;
    }

    /// The word for a slot with these leaves.
    pub(crate) fn word(&mut self, store: &Store, mut leaves: Vec<LeafId>) -> u32 {
        match leaves.as_slice() {
            [] => 0,
            &[single] => single,
            _ => {
                leaves.sort_by(|&a, &b| store.compare(self.at(a).term, self.at(b).term));
                self.list(leaves)
            }
        }
    }

    fn list(&mut self, leaves: Vec<LeafId>) -> u32 {
        if let Some(&number) = self.list_numbers.get(leaves.as_slice()) {
            return number | SEVERAL;
        }
        let number = self.lists.len() as u32;
        let leaves: Box<[LeafId]> = leaves.into();
        self.lists.push(leaves.clone());
        self.list_numbers.insert(leaves, number);
        number | SEVERAL
    }

    /// Whether leaves of this slot and of others may have to be sorted.
    #[inline]
    pub(crate) fn is_mixed(&self, slot: u32) -> bool {
        self.slots[slot as usize].is_mixed
    }

    /// The bytes they occupy, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let lists: usize = self.lists.iter().map(|list| list.len() * 8 + 48).sum();
        self.leaves.capacity() * size_of::<Leaf>()
            + self.numbers.capacity() * (size_of::<(PlaceId, Part)>() + 9)
            + self.becomes.capacity() * (size_of::<((u32, LeafId, bool), u32)>() + 1)
            + lists
    }
}

impl Slot {
    fn compare(&self, store: &Store, other: &Slot) -> Ordering {
        let order = |slot: &Slot| store.facts(slot.op).order;
        if self.op == other.op
            && self.representative != TermId::NONE
            && other.representative != TermId::NONE
        {
            return store.compare(self.representative, other.representative);
        }
        match (self.op.0, other.op.0) {
            // Places where one term stands have one slot.
            (u32::MAX, _) | (_, u32::MAX) => Ordering::Equal,
            _ => order(self).cmp(&order(other)),
        }
    }
}

fn store_arguments(store: &Store, term: TermId) -> &[TermId] {
    if term == TermId::NONE {
        &[]
    } else {
        store.arguments(term)
    }
}

fn hash(term: TermId) -> u32 {
    (term.index() as u32).wrapping_mul(0x9e37_79b1) >> 8
}
