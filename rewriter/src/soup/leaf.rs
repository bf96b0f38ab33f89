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
    place: PlaceId,
    op: OpId,
    /// The first argument that leaves here have, or what stands for several.
    name: TermId,
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
    /// What was added there since somebody asked, if anybody ever will.
    fresh: Option<Vec<Becomes>>,
    /// Some leaf has no sort.
    pub(crate) has_unsorted: bool,
    /// Slots were added since they were put in order.
    pub(crate) is_unordered: bool,
    has_mixed: bool,
}

/// What the word for a slot becomes with one leaf more (`true`) or less.
type Becomes = ((u32, LeafId, bool), u32);

/// How many leaves, lists of leaves and slots there were.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LeafMark {
    pub(crate) leaves: usize,
    lists: usize,
    slots: usize,
}

/// What was added since.
#[derive(Debug)]
pub(crate) struct LeafTail {
    leaves: Vec<Leaf>,
    lists: Vec<Box<[LeafId]>>,
    slots: Vec<Slot>,
    becomes: Vec<Becomes>,
    has_unsorted: bool,
    has_mixed: bool,
}

impl LeafTail {
    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.leaves.is_empty()
            && self.lists.is_empty()
            && self.slots.is_empty()
            && self.becomes.is_empty()
    }
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
        let (term, op, key) = describe(store, part);
        let slot = self.slot(layout, place, op, key, term);
        (self.add(store, layout, place, part, slot), true)
    }

    /// The same, if that takes no new slot.
    pub(crate) fn number_in_slot(
        &mut self,
        store: &Store,
        layout: &Layout,
        place: PlaceId,
        part: Part,
    ) -> Option<(LeafId, bool)> {
        if let Some(&leaf) = self.numbers.get(&(place, part)) {
            return Some((leaf, false));
        }
        let (_, op, key) = describe(store, part);
        let (op, key) = slot_key(layout, place, op, key);
        let &slot = self.slot_numbers.get(&(place, op, key))?;
        Some((self.add(store, layout, place, part, slot), true))
    }

    fn add(
        &mut self,
        store: &Store,
        layout: &Layout,
        place: PlaceId,
        part: Part,
        slot: u32,
    ) -> LeafId {
        let (term, op, key) = describe(store, part);
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
        leaf
    }

    /// From now on, notes are made for [`Leaves::tail`], the old ones are gone.
    pub(crate) fn keep_notes(&mut self) {
        self.fresh.get_or_insert_default().clear();
    }

    /// Nobody will ask for them.
    pub(crate) fn keep_no_notes(&mut self) {
        self.fresh = None;
    }

    /// How much there is.
    pub(crate) fn mark(&self) -> LeafMark {
        LeafMark {
            leaves: self.leaves.len(),
            lists: self.lists.len(),
            slots: self.slots.len(),
        }
    }

    /// What was added since there was so much, which is when this was asked last.
    pub(crate) fn tail(&mut self, mark: LeafMark) -> LeafTail {
        LeafTail {
            leaves: self.leaves[mark.leaves..].to_vec(),
            lists: self.lists[mark.lists..].to_vec(),
            slots: self.slots[mark.slots..].to_vec(),
            becomes: self.fresh.as_mut().map(std::mem::take).unwrap_or_default(),
            has_unsorted: self.has_unsorted,
            has_mixed: self.has_mixed,
        }
    }

    /// Adds what was added to those of which these are a copy.
    pub(crate) fn append(&mut self, store: &Store, tail: &LeafTail) {
        for slot in &tail.slots {
            self.add_slot(slot.clone());
        }
        for leaf in &tail.leaves {
            let number = self.leaves.len() as LeafId;
            self.numbers.insert((leaf.place, leaf.part()), number);
            self.leaves.push(leaf.clone());
        }
        for list in &tail.lists {
            let number = self.lists.len() as u32;
            self.lists.push(list.clone());
            self.list_numbers.insert(list.clone(), number);
        }
        for &(change, word) in &tail.becomes {
            self.remember(change, word);
        }
        self.has_unsorted = tail.has_unsorted;
        self.has_mixed = tail.has_mixed;
        self.put_in_order(store);
    }

    /// Forgets leaves that were added in slots that were there.
    pub(crate) fn truncate(&mut self, mark: LeafMark) {
        for leaf in self.leaves.drain(mark.leaves..) {
            self.numbers.remove(&(leaf.place, leaf.part()));
        }
    }

    /// The leaves that were added since there was so much: where, and what they may match.
    pub(crate) fn added(&self, mark: LeafMark) -> impl Iterator<Item = (PlaceId, Part, Mask)> {
        let added = self.leaves[mark.leaves..].iter();
        added.map(|leaf| (leaf.place, leaf.part(), leaf.mask))
    }

    fn slot(
        &mut self,
        layout: &Layout,
        place: PlaceId,
        op: OpId,
        key: TermId,
        term: TermId,
    ) -> u32 {
        let (op, key) = slot_key(layout, place, op, key);
        if let Some(&slot) = self.slot_numbers.get(&(place, op, key)) {
            return slot;
        }
        let SlotCount { count, most } = self.n_slots.get(&(place, op)).copied().unwrap_or_default();
        let mut name = key;
        let mut is_mixed = false;
        if count >= MOST_SLOTS.max(most) {
            is_mixed = true;
            self.has_mixed = true;
            name = TermId::word(u32::MAX - hash(key) % SHARED_SLOTS);
            if let Some(&slot) = self.slot_numbers.get(&(place, op, name)) {
                return slot;
            }
        }
        self.add_slot(Slot {
            place,
            op,
            name,
            representative: term,
            is_mixed,
        })
    }

    fn add_slot(&mut self, slot: Slot) -> u32 {
        let (place, op) = (slot.place, slot.op);
        self.n_slots.entry((place, op)).or_default().count += 1;
        let number = self.slots.len() as u32;
        self.slot_numbers.insert((place, op, slot.name), number);
        self.slots.push(slot);
        self.order[place].push(number);
        self.rank.push(0);
        self.is_unordered = true;
        number
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

    /// Whether all leaves of a vector are known here and have numbers below one.
    pub(crate) fn know(&self, words: &[u32], end: LeafId) -> bool {
        let is_known = |&word: &u32| match word & SEVERAL {
            0 => (word as usize) < self.leaves.len() && word < end,
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
        if let Some(fresh) = &mut self.fresh {
            fresh.push((change, word));
        }
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

impl Leaf {
    fn part(&self) -> Part {
        match self.term {
            TermId::NONE => Part::Wrapper(self.op),
            term => Part::Leaf(term),
        }
    }
}

/// The term, or `NONE`; its operator; its first argument, or `NONE`.
fn describe(store: &Store, part: Part) -> (TermId, OpId, TermId) {
    let (term, op) = match part {
        Part::Leaf(term) => (term, store.op(term)),
        Part::Wrapper(op) => return (TermId::NONE, op, TermId::NONE),
    };
    let is_record = store.theory(op) == Theory::Free;
    let key = match store.arguments(term) {
        [first, ..] if is_record => *first,
        _ => TermId::NONE,
    };
    (term, op, key)
}

/// What tells the slot of a leaf from others of a place.
fn slot_key(layout: &Layout, place: PlaceId, op: OpId, key: TermId) -> (OpId, TermId) {
    match layout.places[place] {
        Place::Collection(_) => (op, key),
        // Where one term stands at a time, it always stands in the same slot.
        Place::Whole | Place::Argument => (OpId(u32::MAX), TermId::NONE),
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

fn hash(term: TermId) -> u32 {
    (term.index() as u32).wrapping_mul(0x9e37_79b1) >> 8
}
