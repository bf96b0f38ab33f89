//! Where in a large list an element may stand, told by a hash.
//!
//! The one idea: a list changes at one place and its other elements hardly move. A *directory*
//! remembers, by the hash of an element or of its first argument, positions where such an element
//! stood in one of the lists that it serves; a list knows between which bounds its elements are
//! shifted against these positions. Lists that are made of each other share a directory, to which a
//! change adds a position or nothing. It may tell too many positions, never too few, so it needs
//! no cleaning: when the bounds are too wide, the next search makes a new one.
//!
//! Left out on purpose: multisets, which are sorted, and lists that are no ropes.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use hashbrown::HashTable;
use smallvec::SmallVec;

use super::{OpId, Store, TermId, Theory, spread};

/// What of an element is known when it is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sought {
    /// All of it.
    Element(TermId),
    /// The first argument of a free operator.
    FirstArgument(TermId),
}

/// Which part of the elements a directory tells the places of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Whole,
    FirstArgument,
}

/// Positions by hash.
#[derive(Debug)]
pub(super) struct Directory {
    part: Part,
    places: HashTable<Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    hash: u32,
    position: i32,
}

type SharedDirectory = Arc<Mutex<Directory>>;

/// What is known of the places in a list.
#[derive(Clone, Default, Debug)]
pub(super) enum Places {
    #[default]
    Unknown,
    /// Nothing, but somebody looked for an element of this list or of one that it is made of.
    Asked,
    /// An element stands at a position that the directory tells, shifted by the least number, the
    /// most, or one between them.
    Told {
        directory: SharedDirectory,
        least: i32,
        most: i32,
    },
}

/// All directories of a store that are in use.
#[derive(Clone, Default, Debug)]
pub(super) struct Directories(Vec<Weak<Mutex<Directory>>>);

/// The furthest that bounds may be apart.
const WIDEST: i32 = 64;
/// The most elements of which the places are added when a list is made.
const MOST_LOOSE: usize = 256;
/// Directories may take this many bytes, and more if the terms take many times as much.
const SMALL: usize = 1 << 24;
const TERMS_PER_DIRECTORY: usize = 4;
/// The most nodes of a term, and words of one, that its hash depends on.
const MOST_HASHED: usize = 48;
const MOST_BELOW: usize = 8;

/// Positions from the first to before the second.
pub(crate) type Range = (usize, usize);

impl Directory {
    fn positions(&self, hash: u32) -> impl Iterator<Item = i32> {
        let same = move |place: &&Place| place.hash == hash;
        let places = self.places.iter_hash(spread(hash)).filter(same);
        places.map(|place| place.position)
    }

    fn add(&mut self, hash: u32, position: i32) {
        let rehash = |place: &Place| spread(place.hash);
        self.places
            .insert_unique(spread(hash), Place { hash, position }, rehash);
    }

    fn bytes(&self) -> usize {
        self.places.capacity() * (size_of::<Place>() + 1)
    }
}

impl Directories {
    /// The bytes that they occupy.
    pub(super) fn bytes(&self) -> usize {
        let used = self.0.iter().filter_map(Weak::upgrade);
        used.map(|directory| lock(&directory).bytes()).sum()
    }

    fn add(&mut self, directory: Directory) -> SharedDirectory {
        self.0.retain(|directory| directory.strong_count() > 0);
        let shared = Arc::new(Mutex::new(directory));
        self.0.push(Arc::downgrade(&shared));
        shared
    }
}

/// Nothing is done with a directory that could fail half-way.
fn lock(directory: &SharedDirectory) -> std::sync::MutexGuard<'_, Directory> {
    directory.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The places in a list that is being put together, from left to right.
#[derive(Default, Debug)]
pub(super) struct GatheredPlaces {
    /// Those in the lists that it takes parts of.
    known: Places,
    /// Whether somebody looked for an element of some part.
    is_asked: bool,
    /// Positions of other elements.
    loose: SmallVec<[Range; 4]>,
    n_loose: usize,
}

impl GatheredPlaces {
    /// So many elements from a position on come from no list that tells places.
    pub(super) fn add_loose(&mut self, position: usize, n_elements: usize) {
        self.n_loose += n_elements;
        match self.loose.last_mut() {
            Some((_, end)) if *end == position => *end += n_elements,
            _ if self.n_loose > MOST_LOOSE => {}
            _ => self.loose.push((position, position + n_elements)),
        }
    }

    /// So many elements of a list from the first position on stand at the second position on.
    pub(super) fn add_part(&mut self, places: &Places, from: usize, to: usize, n_elements: usize) {
        let shift = to as i32 - from as i32;
        match (places, &mut self.known) {
            (
                Places::Told {
                    directory,
                    least,
                    most,
                },
                known @ (Places::Unknown | Places::Asked),
            ) => {
                *known = Places::Told {
                    directory: Arc::clone(directory),
                    least: least + shift,
                    most: most + shift,
                };
            }
            (
                Places::Told {
                    directory,
                    least,
                    most,
                },
                Places::Told {
                    directory: other,
                    least: all_least,
                    most: all_most,
                },
            ) if Arc::ptr_eq(directory, other) => {
                *all_least = (*all_least).min(least + shift);
                *all_most = (*all_most).max(most + shift);
            }
            _ => {
                self.is_asked |= !matches!(places, Places::Unknown);
                self.add_loose(to, n_elements);
            }
        }
    }
}

impl Store {
    /// Where in a large list an element that is looked for may stand, in order: nowhere else. Nothing
    /// is told if it takes a look at all elements to find out.
    pub(crate) fn places(
        &mut self,
        op: OpId,
        list: TermId,
        sought: Sought,
    ) -> Option<SmallVec<[Range; 4]>> {
        if !self.is_rope(list) || self.op(list) != op {
            return None;
        }
        if let Places::Asked = self.ropes.places(list) {
            let places = self.tell_places(op, list, sought);
            *self.ropes.places_mut(list) = places;
        }
        let places = self.ropes.places_mut(list);
        let Places::Told {
            directory,
            least,
            most,
        } = places
        else {
            *places = Places::Asked;
            return None;
        };
        let (directory, least, most) = (Arc::clone(directory), *least, *most);
        let (part, term) = match sought {
            Sought::Element(term) => (Part::Whole, term),
            Sought::FirstArgument(term) => (Part::FirstArgument, term),
        };
        let directory = lock(&directory);
        if directory.part != part {
            return None;
        }
        let range = |position: i32| {
            let start = (position + least).max(0) as usize;
            (start, (position + most + 1).max(0) as usize)
        };
        let mut ranges: SmallVec<[Range; 4]> =
            directory.positions(self.hash_of(term)).map(range).collect();
        ranges.sort_unstable();
        Some(ranges)
    }

    /// The places in a list of which nothing is known, unless all directories take too much.
    fn tell_places(&mut self, op: OpId, list: TermId, sought: Sought) -> Places {
        let most = SMALL.max(self.words.len() * size_of::<TermId>() / TERMS_PER_DIRECTORY);
        if self.ropes.directories.bytes() > most {
            return Places::Asked;
        }
        let elements = self.elements(op, &list);
        let part = match sought {
            Sought::Element(_) => Part::Whole,
            Sought::FirstArgument(_) => Part::FirstArgument,
        };
        let mut directory = Directory {
            part,
            places: HashTable::with_capacity(elements.len()),
        };
        for (element, position) in elements.iter().zip(0..) {
            if let Some(hash) = self.hash_of_part(element, part) {
                directory.add(hash, position);
            }
        }
        Places::Told {
            directory: self.ropes.directories.add(directory),
            least: 0,
            most: 0,
        }
    }

    /// Makes known where the elements of a list are that was put together.
    pub(super) fn set_places(&mut self, op: OpId, list: TermId, gathered: GatheredPlaces) {
        if let Places::Told { .. } = self.ropes.places(list) {
            return;
        }
        let is_asked = gathered.is_asked;
        let places = match gathered.known {
            Places::Told { least, most, .. }
                if most - least > WIDEST || gathered.n_loose > MOST_LOOSE =>
            {
                Places::Asked
            }
            Places::Told {
                directory,
                least,
                most,
            } => {
                let elements = self.elements(op, &list);
                let mut open = lock(&directory);
                for position in gathered.loose.iter().flat_map(|&(start, end)| start..end) {
                    let Some(hash) = self.hash_of_part(elements.at(position), open.part) else {
                        continue;
                    };
                    let position = position as i32;
                    let is_told = |told: i32| (told + least..=told + most).contains(&position);
                    if !open.positions(hash).any(is_told) {
                        open.add(hash, position - most);
                    }
                }
                drop(open);
                Places::Told {
                    directory,
                    least,
                    most,
                }
            }
            Places::Unknown if !is_asked => return,
            Places::Asked | Places::Unknown => Places::Asked,
        };
        *self.ropes.places_mut(list) = places;
    }

    fn hash_of_part(&self, element: TermId, part: Part) -> Option<u32> {
        match part {
            Part::Whole => Some(self.hash_of(element)),
            Part::FirstArgument if self.theory(self.op(element)) == Theory::Free => {
                let first = self.payload(element).first();
                first.map(|&first| self.hash_of(first))
            }
            Part::FirstArgument => None,
        }
    }

    /// A hash that is the same for equal terms, interned or not. It depends on the top of the term.
    fn hash_of(&self, term: TermId) -> u32 {
        const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;
        let mut hash = 0u64;
        let mut mix =
            |word: u32| hash = (hash.rotate_left(23) ^ u64::from(word)).wrapping_mul(FACTOR);
        let mut pending: SmallVec<[TermId; 16]> = smallvec::smallvec![term];
        for _ in 0..MOST_HASHED {
            let Some(term) = pending.pop() else {
                break;
            };
            let op = self.op(term);
            mix(op.0);
            let payload = self.payload(term);
            match self.theory(op) {
                Theory::Literal => {
                    let words = payload.iter().take(MOST_HASHED);
                    words.for_each(|word| mix(word.bits()));
                }
                Theory::Iterated => {
                    let digits = payload[1..].iter().take(MOST_HASHED);
                    digits.for_each(|digit| mix(digit.bits()));
                    pending.push(payload[0]);
                }
                Theory::List | Theory::Multiset => {
                    let elements = self.elements(op, &term);
                    mix(elements.len() as u32);
                    pending.extend(elements.range(0, elements.len().min(MOST_BELOW)));
                }
                Theory::Free | Theory::Pair => pending.extend_from_slice(payload),
            }
        }
        (hash >> 32) as u32
    }
}
