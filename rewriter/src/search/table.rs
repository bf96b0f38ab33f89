//! A growing set of short sequences of words, read by many while one adds to it.
//!
//! The one idea: items lie in segments that never move, and an index of one word an item says where; a
//! reader holds the segments and the index as they were when it began, and what it does not find may have been
//! added since. A word of the index is the number of the item plus one, and above it as many bits of the
//! hash as there is room for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Items of a segment.
const SEGMENT: usize = 1 << 13;

/// Items that are prepared together, at most.
pub(crate) const TOGETHER: usize = 32;

/// The words of items.
type Segment = Arc<[AtomicU32]>;

/// The segments as one reader sees them, so that there may be many readers.
type Segments = Arc<[Segment]>;

#[derive(Debug)]
struct Index {
    slots: Box<[AtomicU32]>,
    /// How many low bits of a slot are the number.
    number_bits: u32,
}

impl Index {
    /// Room for `1 << bits` slots.
    fn new(bits: u32) -> Index {
        Index {
            slots: (0..1usize << bits).map(|_| AtomicU32::new(0)).collect(),
            number_bits: bits,
        }
    }

    #[inline]
    fn start(&self, hash: u64) -> usize {
        (hash >> (64 - self.number_bits)) as usize
    }

    #[inline]
    fn tag(&self, hash: u64) -> u32 {
        let low = hash as u32;
        if self.number_bits >= 32 {
            0
        } else {
            low << self.number_bits
        }
    }

    #[inline]
    fn number(&self, slot: u32) -> u32 {
        slot & (u32::MAX >> (32 - self.number_bits))
    }
}

/// The set, as one reader sees it.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    stride: usize,
    segments: Segments,
    index: Arc<Index>,
    len: usize,
}

const FIRST_BITS: u32 = 8;

impl Table {
    /// No items, each to be so many words long.
    pub(crate) fn new(stride: usize) -> Table {
        Table {
            stride,
            segments: Arc::default(),
            index: Arc::new(Index::new(FIRST_BITS)),
            len: 0,
        }
    }

    /// How many items there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Words of an item.
    #[inline]
    pub(crate) fn stride(&self) -> usize {
        self.stride
    }

    /// The bytes it occupies.
    pub(crate) fn bytes(&self) -> usize {
        (self.segments.len() * SEGMENT * self.stride + self.index.slots.len()) * size_of::<u32>()
    }

    #[inline]
    fn words(&self, number: usize) -> &[AtomicU32] {
        &self.segments[number / SEGMENT][number % SEGMENT * self.stride..][..self.stride]
    }

    #[inline]
    fn first_word(&self, number: usize) -> u32 {
        self.words(number)[0].load(Ordering::Relaxed)
    }

    /// Copies the words of an item.
    #[inline]
    pub(crate) fn read(&self, number: usize, words: &mut [u32]) {
        for (word, stored) in words.iter_mut().zip(self.words(number)) {
            *word = stored.load(Ordering::Relaxed);
        }
    }

    /// The number of an item with these words, which are as many as the stride.
    #[inline]
    pub(crate) fn find(&self, words: &[u32], hash: u64) -> Option<usize> {
        let index = &*self.index;
        let mask = index.slots.len() - 1;
        let tag = index.tag(hash);
        let tag_bits = !(u32::MAX >> (32 - index.number_bits));
        let mut at = index.start(hash);
        loop {
            let slot = index.slots[at].load(Ordering::Acquire);
            if slot == 0 {
                return None;
            }
            if slot & tag_bits == tag {
                let number = index.number(slot) as usize - 1;
                // Items that were added after this reader began are not seen.
                if number < self.segments.len() * SEGMENT {
                    let stored = self.words(number);
                    if stored
                        .iter()
                        .zip(words)
                        .all(|(a, b)| a.load(Ordering::Relaxed) == *b)
                    {
                        return Some(number);
                    }
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds an item that is not there. Only the owner of the set does that, never a reader.
    pub(crate) fn add(&mut self, words: &[u32], hash: u64) -> usize {
        let number = self.len;
        if number / SEGMENT == self.segments.len() {
            let segment = (0..SEGMENT * self.stride)
                .map(|_| AtomicU32::new(0))
                .collect();
            let known = self.segments.iter().cloned();
            self.segments = known.chain([segment]).collect();
        }
        for (stored, &word) in self.words(number).iter().zip(words) {
            stored.store(word, Ordering::Relaxed);
        }
        self.len += 1;
        // At most four fifths of the slots are in use.
        if self.len * 5 > self.index.slots.len() * 4 {
            self.grow();
        } else {
            put(&self.index, number, hash);
        }
        number
    }

    /// Touches what it takes to find items. The processor need not wait for one before it asks for the
    /// next, as it has to while they are inserted one after the other.
    pub(crate) fn prepare<const N: usize>(&self, items: &[[u32; N]]) {
        let index = &*self.index;
        let mut slots = [(0, 0); TOGETHER];
        for (slot, words) in slots.iter_mut().zip(items) {
            let hash = hash_words(&words[..self.stride]);
            let found = index.slots[index.start(hash)].load(Ordering::Relaxed);
            *slot = (found, index.tag(hash));
        }
        let mut touched = 0;
        for (slot, tag) in slots {
            let number = index.number(slot) as usize;
            // Items that were added after this reader began are not seen.
            let is_seen = (1..=self.segments.len() * SEGMENT).contains(&number);
            if is_seen && slot - number as u32 == tag {
                touched ^= self.first_word(number - 1);
            }
        }
        std::hint::black_box(touched);
    }

    /// Makes a larger index. In the order of the old one, the items go to the new one from its
    /// beginning to its end; some are touched together, for the same reason as in `prepare`.
    fn grow(&mut self) {
        let index = Index::new(self.index.number_bits + 1);
        // The newest is in no index yet.
        let slots = (self.index.slots.iter()).map(|slot| slot.load(Ordering::Relaxed));
        let numbers = slots.filter(|&slot| slot != 0);
        let mut numbers = numbers
            .map(|slot| self.index.number(slot) as usize - 1)
            .chain(std::iter::once(self.len - 1));
        let mut words = vec![0; self.stride];
        let mut some = Vec::with_capacity(TOGETHER);
        loop {
            some.clear();
            some.extend(numbers.by_ref().take(TOGETHER));
            if some.is_empty() {
                break;
            }
            let touched = some.iter().map(|&number| self.first_word(number));
            std::hint::black_box(touched.fold(0, |all, word| all ^ word));
            for &number in &some {
                self.read(number, &mut words);
                put(&index, number, hash_words(&words));
            }
        }
        drop(numbers);
        self.index = Arc::new(index);
    }

    /// The number of an item, and whether it is new.
    #[inline]
    pub(crate) fn insert(&mut self, words: &[u32], hash: u64) -> (usize, bool) {
        match self.find(words, hash) {
            Some(number) => (number, false),
            None => (self.add(words, hash), true),
        }
    }
}

fn put(index: &Index, number: usize, hash: u64) {
    let mask = index.slots.len() - 1;
    let mut at = index.start(hash);
    while index.slots[at].load(Ordering::Relaxed) != 0 {
        at = (at + 1) & mask;
    }
    let slot = index.tag(hash) | (number as u32 + 1);
    index.slots[at].store(slot, Ordering::Release);
}

/// A hash of words, good in its high bits and in its low bits.
#[inline]
pub(crate) fn hash_words(words: &[u32]) -> u64 {
    const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;
    let mut hash = 0u64;
    let mut pairs = words.chunks_exact(2);
    for pair in &mut pairs {
        let word = u64::from(pair[0]) | u64::from(pair[1]) << 32;
        hash = (hash.rotate_left(29) ^ word).wrapping_mul(FACTOR);
    }
    if let [word] = *pairs.remainder() {
        hash = (hash.rotate_left(29) ^ u64::from(word)).wrapping_mul(FACTOR);
    }
    hash ^ (hash >> 32)
}
