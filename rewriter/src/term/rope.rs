//! Large lists and multisets: changed by copying little, shared for the rest.
//!
//! The one idea: a collection of more than [`MOST_FLAT`] elements is a *rope*, a node whose payload
//! is a sequence of chunks followed by the positions where they end. A chunk is a node of the same
//! operator with a run of elements, or an element by itself. A new rope takes over the chunks of the
//! old ones that it contains whole. Chunks of transient ropes end anywhere; those of interned ropes
//! end where the elements say so, after one whose id hashes to zero, whatever stands before or
//! after, so equal collections have equal chunks and one id (content-defined chunking, as in
//! deduplicating archives). A change costs a chunk, and one word or two for each other chunk.
//!
//! Left out on purpose: ropes of ropes. The elements of a rope as one slice are made when somebody
//! asks for them, see [`Store::arguments`].

use std::sync::OnceLock;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::places::{Directories, GatheredPlaces, Places};
use super::{OpId, ROPE, SortId, Store, TRANSIENT, TermId};

/// The most elements of a collection that is not a rope.
pub(crate) const MOST_FLAT: usize = 128;
const LEAST_IN_CHUNK: usize = 16;
const MOST_IN_CHUNK: usize = 128;

/// A chunk of an interned rope that ends where its elements say.
const CLOSED: u32 = 1 << 19;

/// The elements of a rope as one slice, once somebody asked.
type Flattened = OnceLock<Box<[TermId]>>;

/// What is known of a rope beside its chunks.
#[derive(Clone, Default, Debug)]
struct RopeFacts {
    flattened: Flattened,
    places: Places,
}

/// All ropes of a store.
#[derive(Clone, Default, Debug)]
pub(super) struct Ropes {
    interned: HashMap<TermId, RopeFacts, FxBuildHasher>,
    /// Those in scratch, in order.
    transient: Vec<(TermId, RopeFacts)>,
    /// Those that were in scratch before what is still needed is copied.
    left_behind: Vec<(TermId, RopeFacts)>,
    pub(super) directories: Directories,
    /// Vectors of the last builder, to be used again.
    spare: [Vec<TermId>; 3],
}

impl Ropes {
    /// There is a transient rope; those are made known in order.
    pub(super) fn add_transient(&mut self, rope: TermId) {
        self.transient.push((rope, RopeFacts::default()));
    }

    /// All transient ropes are about to be left behind.
    pub(super) fn start_moving(&mut self) {
        std::mem::swap(&mut self.left_behind, &mut self.transient);
    }

    /// All transient ropes that are needed have moved.
    pub(super) fn finish_moving(&mut self) {
        self.left_behind.clear();
    }

    /// A transient rope moves; the places are made known in order.
    pub(super) fn move_transient(&mut self, from: TermId, to: TermId) {
        let found = self
            .left_behind
            .binary_search_by_key(&from, |entry| entry.0);
        let Ok(index) = found else {
            unreachable!("every rope is made known when it is made");
        };
        let places = std::mem::take(&mut self.left_behind[index].1.places);
        let flattened = Flattened::new();
        self.transient.push((to, RopeFacts { flattened, places }));
    }

    fn facts(&self, rope: TermId) -> &RopeFacts {
        let facts = if rope.is_transient() {
            let found = self.transient.binary_search_by_key(&rope, |entry| entry.0);
            found.ok().map(|index| &self.transient[index].1)
        } else {
            self.interned.get(&rope)
        };
        match facts {
            Some(facts) => facts,
            None => unreachable!("every rope is made known when it is made"),
        }
    }

    /// What is known of the places in a rope.
    pub(super) fn places(&self, rope: TermId) -> &Places {
        &self.facts(rope).places
    }

    /// The same, to be changed.
    pub(super) fn places_mut(&mut self, rope: TermId) -> &mut Places {
        let facts = if rope.is_transient() {
            let found = self.transient.binary_search_by_key(&rope, |entry| entry.0);
            found.ok().map(|index| &mut self.transient[index].1)
        } else {
            self.interned.get_mut(&rope)
        };
        match facts {
            Some(facts) => &mut facts.places,
            None => unreachable!("every rope is made known when it is made"),
        }
    }

    /// The bytes that are occupied beside the nodes, without slices that somebody asked for.
    pub(super) fn bytes(&self) -> usize {
        let spare: usize = self.spare.iter().map(Vec::capacity).sum();
        spare * size_of::<TermId>()
            + self.interned.capacity() * (size_of::<(TermId, RopeFacts)>() + 1)
            + self.transient.capacity() * size_of::<(TermId, RopeFacts)>()
            + self.left_behind.capacity() * size_of::<(TermId, RopeFacts)>()
            + self.directories.bytes()
    }

    /// How many interned ropes there are.
    pub(super) fn n_interned(&self) -> usize {
        self.interned.len()
    }

    /// The interned ropes that lie after so many words are gone.
    pub(super) fn truncate(&mut self, n_words: usize) {
        if !self.interned.is_empty() {
            self.interned.retain(|rope, _| rope.offset() < n_words);
        }
    }

    /// The transient ropes are gone.
    pub(super) fn clear_transient(&mut self) {
        self.transient.clear();
    }
}

/// The elements of a collection, in order.
#[derive(Clone, Copy)]
pub(crate) enum Elements<'a> {
    /// In one run.
    Flat(&'a [TermId]),
    /// In chunks, with the positions where these end.
    Rope(&'a Store, OpId, &'a [TermId], &'a [TermId]),
}

impl<'a> Elements<'a> {
    /// How many there are.
    #[inline]
    pub(crate) fn len(self) -> usize {
        match self {
            Elements::Flat(elements) => elements.len(),
            Elements::Rope(.., ends) => ends.last().map_or(0, |end| end.bits() as usize),
        }
    }

    /// The element at a position.
    #[inline]
    pub(crate) fn at(self, position: usize) -> TermId {
        match self {
            Elements::Flat(elements) => elements[position],
            Elements::Rope(store, op, chunks, ends) => {
                let (chunk, start) = chunk_at(ends, position);
                store.chunk(op, &chunks[chunk])[position - start]
            }
        }
    }

    /// The first position from one to before another at which something holds.
    #[inline]
    pub(crate) fn position(
        self,
        start: usize,
        end: usize,
        mut holds: impl FnMut(TermId) -> bool,
    ) -> Option<usize> {
        if start >= end {
            return None;
        }
        match self {
            Elements::Flat(elements) => {
                let here = elements[start..end]
                    .iter()
                    .position(|&element| holds(element));
                here.map(|here| start + here)
            }
            Elements::Rope(store, op, chunks, ends) => {
                let (mut chunk, mut first) = chunk_at(ends, start);
                let mut position = start;
                while position < end {
                    let elements = store.chunk(op, &chunks[chunk]);
                    let stop = end.min(first + elements.len());
                    let some = &elements[position - first..stop - first];
                    if let Some(here) = some.iter().position(|&element| holds(element)) {
                        return Some(position + here);
                    }
                    (position, first, chunk) = (stop, stop, chunk + 1);
                }
                None
            }
        }
    }

    /// The first position at which something no longer holds that holds of elements before it.
    #[inline]
    pub(crate) fn partition_point(self, mut holds: impl FnMut(TermId) -> bool) -> usize {
        match self {
            Elements::Flat(elements) => elements.partition_point(|&element| holds(element)),
            Elements::Rope(store, op, chunks, ends) => {
                let first = |chunk: &TermId| store.chunk(op, chunk)[0];
                let after = chunks.partition_point(|chunk| holds(first(chunk)));
                let Some(chunk) = after.checked_sub(1) else {
                    return 0;
                };
                let elements = store.chunk(op, &chunks[chunk]);
                let here = elements.partition_point(|&element| holds(element));
                ends[chunk].bits() as usize - elements.len() + here
            }
        }
    }

    /// The elements from one position to before another.
    #[inline]
    pub(crate) fn range(self, start: usize, end: usize) -> impl Iterator<Item = TermId> + 'a {
        let (flat, rope) = match self {
            Elements::Flat(elements) => (&elements[start..end], None),
            Elements::Rope(..) => (&[][..], Some((start..end).map(move |at| self.at(at)))),
        };
        flat.iter().copied().chain(rope.into_iter().flatten())
    }

    /// All elements.
    #[inline]
    pub(crate) fn iter(self) -> impl Iterator<Item = TermId> + 'a {
        self.range(0, self.len())
    }
}

/// The chunk that holds a position, and the position where it starts.
fn chunk_at(ends: &[TermId], position: usize) -> (usize, usize) {
    let chunk = ends.partition_point(|end| end.bits() as usize <= position);
    let start = chunk
        .checked_sub(1)
        .map_or(0, |before| ends[before].bits() as usize);
    (chunk, start)
}

/// A rope that is being put together from left to right.
pub(super) struct RopeBuilder {
    op: OpId,
    /// Whether it will be interned.
    interned: bool,
    /// The sort of every part of it, if there is one.
    sort: Option<SortId>,
    chunks: Vec<TermId>,
    ends: Vec<TermId>,
    /// Elements that are in no chunk yet.
    pending: Vec<TermId>,
    /// Where its elements are, if it is a list.
    places: GatheredPlaces,
}

impl RopeBuilder {
    /// Nothing yet. With a sort, every two or more elements that are added have that sort.
    pub(super) fn new(
        store: &mut Store,
        op: OpId,
        interned: bool,
        sort: Option<SortId>,
    ) -> RopeBuilder {
        let [mut chunks, mut ends, mut pending] = std::mem::take(&mut store.ropes.spare);
        chunks.clear();
        ends.clear();
        pending.clear();
        RopeBuilder {
            op,
            interned,
            sort,
            chunks,
            ends,
            pending,
            places: GatheredPlaces::default(),
        }
    }

    fn n_elements(&self) -> usize {
        self.end() + self.pending.len()
    }

    fn end(&self) -> usize {
        self.ends.last().map_or(0, |end| end.bits() as usize)
    }

    fn add_chunk(&mut self, chunk: TermId, length: usize) {
        let end = self.end() + length;
        self.chunks.push(chunk);
        self.ends.push(TermId(end as u32));
    }

    /// Adds an element.
    pub(super) fn push(&mut self, store: &mut Store, element: TermId) {
        self.places.add_loose(self.n_elements(), 1);
        self.add(store, element);
    }

    fn add(&mut self, store: &mut Store, element: TermId) {
        self.pending.push(element);
        let n_pending = self.pending.len();
        if self.interned {
            let closes = n_pending >= LEAST_IN_CHUNK && ends_chunk(element);
            if closes || n_pending == MOST_IN_CHUNK {
                let chunk = store.intern(self.op, &self.pending);
                store.set_flag(chunk, CLOSED);
                self.pending.clear();
                self.add_chunk(chunk, n_pending);
            }
        } else if n_pending == 2 * MOST_IN_CHUNK {
            self.flush(store);
        }
    }

    /// Adds the elements of a term seen as a collection, from one position to before another.
    pub(super) fn push_range(
        &mut self,
        store: &mut Store,
        source: TermId,
        start: usize,
        end: usize,
    ) {
        if !store.is_rope(source) {
            for position in start..end {
                let element = store.elements(self.op, &source).at(position);
                self.push(store, element);
            }
            return;
        }
        let places = store.ropes.places(source);
        self.places
            .add_part(places, start, self.n_elements(), end - start);
        let mut start = start;
        while start < end {
            if !self.interned && self.pending.len() >= LEAST_IN_CHUNK {
                self.flush(store);
            }
            let Elements::Rope(_, op, chunks, ends) = store.elements(self.op, &source) else {
                unreachable!("a rope stays one");
            };
            let (chunk, chunk_start) = chunk_at(ends, start);
            if chunk_start == start && self.pending.is_empty() {
                let whole = chunks[chunk..].iter().zip(&ends[chunk..]);
                let whole = whole.take_while(|&(&chunk, chunk_end)| {
                    chunk_end.bits() as usize <= end && (!self.interned || store.is_closed(chunk))
                });
                let n_whole = whole.count();
                if n_whole > 0 {
                    let offset = self.end();
                    let moved =
                        |end: &TermId| TermId((end.bits() as usize - start + offset) as u32);
                    let whole = chunk..chunk + n_whole;
                    self.ends.extend(ends[whole.clone()].iter().map(moved));
                    self.chunks.extend_from_slice(&chunks[whole.clone()]);
                    start = ends[whole.end - 1].bits() as usize;
                    continue;
                }
            }
            let stop = end.min(ends[chunk].bits() as usize);
            let elements =
                &store.chunk(op, &chunks[chunk])[start - chunk_start..stop - chunk_start];
            if self.interned {
                let elements: smallvec::SmallVec<[TermId; MOST_IN_CHUNK]> = elements.into();
                for element in elements {
                    self.add(store, element);
                }
            } else {
                self.pending.extend_from_slice(elements);
            }
            start = stop;
        }
    }

    /// Adds the elements of the chunks of a rope, given the interned elements of those chunks that
    /// are transient.
    pub(super) fn push_promoted(&mut self, store: &mut Store, rope: TermId, promoted: &[TermId]) {
        let payload = store.payload(rope);
        let chunks: Vec<TermId> = payload[..payload.len() / 2].into();
        let length = store.n_arguments(rope);
        self.places
            .add_part(store.ropes.places(rope), 0, self.n_elements(), length);
        let mut promoted = promoted.iter();
        for chunk in chunks {
            let n_elements = store.chunk(self.op, &chunk).len();
            if chunk.is_transient() {
                for &element in promoted.by_ref().take(n_elements) {
                    self.add(store, element);
                }
            } else {
                self.add_closed(store, chunk, n_elements);
            }
        }
    }

    fn add_closed(&mut self, store: &mut Store, chunk: TermId, n_elements: usize) {
        if self.pending.is_empty() && store.is_closed(chunk) {
            return self.add_chunk(chunk, n_elements);
        }
        let elements: smallvec::SmallVec<[TermId; MOST_IN_CHUNK]> =
            store.chunk(self.op, &chunk).into();
        for element in elements {
            self.add(store, element);
        }
    }

    /// Makes chunks of the pending elements.
    fn flush(&mut self, store: &mut Store) {
        if self.pending.is_empty() {
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        let n_chunks = pending.len().div_ceil(MOST_IN_CHUNK);
        for elements in pending.chunks(pending.len().div_ceil(n_chunks)) {
            let chunk = match elements {
                [single] => *single,
                _ if self.interned => store.intern(self.op, elements),
                _ => match self.sort {
                    Some(sort) => store.transient_with_sort(self.op, elements, sort),
                    None => store.transient(self.op, elements),
                },
            };
            self.add_chunk(chunk, elements.len());
        }
        self.pending = pending;
        self.pending.clear();
    }

    /// The rope, which has more elements than one chunk holds. A transient one has the sort given,
    /// or the one that its elements make.
    pub(super) fn finish(mut self, store: &mut Store, sort: Option<SortId>) -> TermId {
        let few = !self.interned && (1..LEAST_IN_CHUNK).contains(&self.pending.len());
        if few && let Some(last) = self.chunks.pop() {
            self.ends.pop();
            let elements = store.chunk(self.op, &last);
            self.pending.splice(0..0, elements.iter().copied());
        }
        self.flush(store);
        debug_assert!(self.chunks.len() > 1);
        let rope = if self.interned {
            self.chunks.extend_from_slice(&self.ends);
            let rope = store.intern_with(self.op, &self.chunks, ROPE);
            store.ropes.interned.entry(rope).or_default();
            rope
        } else {
            let sort = sort.or(self.sort);
            let sort = sort.unwrap_or_else(|| store.sort_of(self.op, &self.chunks));
            self.chunks.extend_from_slice(&self.ends);
            let id = TermId(store.scratch.len() as u32 | TRANSIENT);
            let header = [
                self.op.0,
                self.chunks.len() as u32,
                u32::from(sort.0) | ROPE,
                0,
            ];
            store.scratch.extend_from_slice(&header.map(TermId));
            store.scratch.extend_from_slice(&self.chunks);
            store.ropes.add_transient(id);
            id
        };
        store.ropes.spare = [self.chunks, self.ends, self.pending];
        if store.theory(self.op) == super::Theory::List {
            store.set_places(self.op, rope, self.places);
        }
        rope
    }
}

/// Whether a chunk of an interned rope ends after this element.
fn ends_chunk(element: TermId) -> bool {
    element.bits().wrapping_mul(0x9e37_79b9) >> 27 == 0
}

impl Store {
    /// Whether a term is a large collection.
    #[inline]
    pub(crate) fn is_rope(&self, id: TermId) -> bool {
        self.word(id, 2) & ROPE != 0
    }

    fn is_closed(&self, chunk: TermId) -> bool {
        !chunk.is_transient() && self.word(chunk, 2) & CLOSED != 0
    }

    /// The elements of a chunk of an operator's collections.
    #[inline]
    pub(super) fn chunk<'a>(&'a self, op: OpId, chunk: &'a TermId) -> &'a [TermId] {
        if self.op(*chunk) == op {
            self.payload(*chunk)
        } else {
            std::slice::from_ref(chunk)
        }
    }

    /// The elements of a term seen as a collection of an operator: its arguments, none if it is the
    /// identity, or itself.
    #[inline]
    pub(crate) fn elements<'a>(&'a self, op: OpId, term: &'a TermId) -> Elements<'a> {
        if self.op(*term) == op {
            let payload = self.payload(*term);
            if self.is_rope(*term) {
                let (chunks, ends) = payload.split_at(payload.len() / 2);
                return Elements::Rope(self, op, chunks, ends);
            }
            return Elements::Flat(payload);
        }
        let identity = self.facts(op).identity();
        if identity != TermId::NONE && self.equal(*term, identity) {
            return Elements::Flat(&[]);
        }
        Elements::Flat(std::slice::from_ref(term))
    }

    /// All elements of a rope in one run.
    pub(super) fn flattened(&self, rope: TermId) -> &[TermId] {
        let cell = &self.ropes.facts(rope).flattened;
        cell.get_or_init(|| self.elements(self.op(rope), &rope).iter().collect())
    }

    /// How many words of a payload, from the first on, are terms.
    #[inline]
    pub(super) fn n_terms(&self, op: OpId, flags: u32, length: usize) -> usize {
        match self.theory(op) {
            super::Theory::Iterated => 1,
            super::Theory::Literal => 0,
            _ if flags & ROPE != 0 => length / 2,
            _ => length,
        }
    }
}
