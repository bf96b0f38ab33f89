//! States as short vectors of numbers, shared piece by piece.
//!
//! The one idea: a state is a sequence of words, most of which are zero or the same as in many other
//! states. It is cut into pieces of eight; equal pieces are stored once, and the state becomes the
//! short sequence of their numbers, cut again where it is long. What is left, the *root*, is stored
//! for each state; two states are equal exactly when their roots are.
//!
//! Trailing zeros do not count: a vector may grow without becoming another.

use super::table::{Table, hash_words};
use crate::soup::SlotChange;

/// Words of a piece, and the most words of a root.
pub(crate) const WIDTH: usize = 8;

/// The words of a piece.
pub(crate) type Piece = [u32; WIDTH];

/// Piece 0 is all zeros.
fn new_pieces() -> Table {
    let mut pieces = Table::new(WIDTH);
    pieces.insert(&[0; WIDTH], hash_words(&[0; WIDTH]));
    pieces
}

#[inline]
fn intern(pieces: &mut Table, piece: &Piece) -> u32 {
    pieces.insert(piece, hash_words(piece)).0 as u32
}

/// A set of vectors, numbered in the order in which they were inserted. A clone is a reader: it sees
/// what was there when it was made, and perhaps more.
#[derive(Clone, Debug)]
pub(crate) struct Vectors {
    /// The lowest level first; as many as the longest vector needs.
    levels: Vec<Table>,
    roots: Table,
}

impl Vectors {
    /// No vectors.
    pub(crate) fn new() -> Vectors {
        Vectors {
            levels: Vec::new(),
            roots: Table::new(1),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.roots.len()
    }

    /// The bytes they occupy.
    pub(crate) fn bytes(&self) -> usize {
        self.levels.iter().map(Table::bytes).sum::<usize>() + self.roots.bytes()
    }

    /// How they are stored.
    pub(crate) fn form(&self) -> Form {
        Form(self.levels.len(), self.roots.stride())
    }

    /// Writes the words of a vector; as many as there can be, zeros included.
    pub(crate) fn read(&self, number: usize, words: &mut Vec<u32>) {
        words.clear();
        words.resize(self.roots.stride(), 0);
        self.roots.read(number, words);
        for level in self.levels.iter().rev() {
            let n_above = words.len();
            words.resize(n_above * WIDTH, 0);
            // From the last on: what stands for a piece is read before it is overwritten.
            for position in (0..n_above).rev() {
                let number = words[position] as usize;
                level.read(number, &mut words[position * WIDTH..][..WIDTH]);
            }
        }
    }

    /// Inserts a vector; gives its number, and whether it is new.
    pub(crate) fn insert(&mut self, words: &[u32]) -> (usize, bool) {
        if self.levels.is_empty() && words.len() == self.roots.stride() {
            return self.roots.insert(words, hash_words(words));
        }
        let mut root: Vec<u32> = words.into();
        self.reach(words.len());
        for level in &mut self.levels {
            let pieces = root.chunks(WIDTH).map(|chunk| {
                let mut piece = [0; WIDTH];
                piece[..chunk.len()].copy_from_slice(chunk);
                intern(level, &piece)
            });
            root = pieces.collect();
        }
        root.resize(self.roots.stride(), 0);
        self.roots.insert(&root, hash_words(&root))
    }

    /// Makes room for vectors of so many words.
    pub(crate) fn reach(&mut self, length: usize) {
        let mut needed = length;
        for _ in 0..self.levels.len() {
            needed = needed.div_ceil(WIDTH);
        }
        while needed > WIDTH {
            self.add_level();
            needed = needed.div_ceil(WIDTH);
        }
        let width = self.roots.stride();
        if needed > width {
            let mut roots = Table::new(needed);
            let mut root = vec![0; needed];
            for number in 0..self.roots.len() {
                self.roots.read(number, &mut root[..width]);
                roots.add(&root, hash_words(&root));
            }
            self.roots = roots;
        }
    }

    /// Every root becomes a piece.
    fn add_level(&mut self) {
        let mut level = new_pieces();
        let mut roots = Table::new(1);
        for number in 0..self.roots.len() {
            let mut piece = [0; WIDTH];
            self.roots.read(number, &mut piece[..self.roots.stride()]);
            let root = [intern(&mut level, &piece)];
            roots.add(&root, hash_words(&root));
        }
        self.levels.push(level);
        self.roots = roots;
    }

    /// Starts to make vectors that differ little from one.
    pub(crate) fn open(&self, number: usize, base: &mut Base) {
        base.number = number;
        let top = self.levels.len();
        base.levels.resize(top + 1, Vec::new());
        base.levels[top].resize(self.roots.stride(), 0);
        self.roots.read(number, &mut base.levels[top]);
        for depth in (0..top).rev() {
            let (below, above) = base.levels.split_at_mut(depth + 1);
            below[depth].resize(above[0].len() * WIDTH, 0);
            for (&word, piece) in above[0].iter().zip(below[depth].chunks_mut(WIDTH)) {
                self.levels[depth].read(word as usize, piece);
            }
        }
    }

    /// The root of the vector that has these words at these positions, in ascending order, and is
    /// otherwise the base. The positions are within the length of the base. Without `add`, nothing
    /// if a piece of it is new.
    #[inline]
    fn root_changed(
        levels: &mut [Table],
        width: usize,
        base: &Base,
        changes: &[SlotChange],
        add: bool,
    ) -> Option<[u32; WIDTH]> {
        let mut root = [0; WIDTH];
        root[..width].copy_from_slice(&base.levels[levels.len()][..width]);
        let find = |level: &mut Table, piece: &Piece| {
            if add {
                return Some(intern(level, piece));
            }
            let found = level.find(piece, hash_words(piece));
            found.map(|number| number as u32)
        };
        match levels {
            [] => {
                for change in changes {
                    root[change.slot as usize] = change.to;
                }
            }
            [level] => {
                let mut next = 0;
                while next < changes.len() {
                    let number = changes[next].slot as usize / WIDTH;
                    let mut piece = base.piece(0, number);
                    while next < changes.len() && changes[next].slot as usize / WIDTH == number {
                        piece[changes[next].slot as usize % WIDTH] = changes[next].to;
                        next += 1;
                    }
                    root[number] = find(level, &piece)?;
                }
            }
            levels => {
                let words = changes.iter().map(|change| (change.slot, change.to));
                let mut words: smallvec::SmallVec<[(u32, u32); 8]> = words.collect();
                for (depth, level) in levels.iter_mut().enumerate() {
                    let mut above: smallvec::SmallVec<[(u32, u32); 8]> = smallvec::SmallVec::new();
                    for group in words.chunk_by(|a, b| a.0 / 8 == b.0 / 8) {
                        let number = group[0].0 / 8;
                        let mut piece = base.piece(depth, number as usize);
                        for &(position, word) in group {
                            piece[position as usize % WIDTH] = word;
                        }
                        above.push((number, find(level, &piece)?));
                    }
                    words = above;
                }
                for (position, word) in words {
                    root[position as usize] = word;
                }
            }
        }
        Some(root)
    }

    /// The root of the vector that has these words at these positions, in ascending order, and is
    /// otherwise the base; its pieces are added. The positions are within the length of the base.
    #[inline]
    pub(crate) fn root_of(&mut self, base: &Base, changes: &[SlotChange]) -> Piece {
        let width = self.roots.stride();
        let root = Vectors::root_changed(&mut self.levels, width, base, changes, true);
        root.unwrap_or([0; WIDTH])
    }

    /// Has the processor fetch what it takes to insert vectors with these roots, all at once.
    pub(crate) fn prepare(&self, roots: &[Piece]) {
        for some in roots.chunks(super::table::TOGETHER) {
            self.roots.prepare(some);
        }
    }

    /// Inserts a vector by its root.
    #[inline]
    pub(crate) fn insert_root(&mut self, root: &Piece) -> (usize, bool) {
        let root = &root[..self.roots.stride()];
        self.roots.insert(root, hash_words(root))
    }

    /// The root that [`Vectors::root_of`] would give, if all its pieces are known.
    pub(crate) fn known_root(&mut self, base: &Base, changes: &[SlotChange]) -> Option<Piece> {
        let width = self.roots.stride();
        Vectors::root_changed(&mut self.levels, width, base, changes, false)
    }
}

/// Levels, and words of a root. Where it is the same, the numbers of pieces mean the same.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Form(usize, usize);

/// A vector with its pieces, to make others from.
#[derive(Clone, Default, Debug)]
pub(crate) struct Base {
    number: usize,
    /// The words of the vector, then the numbers of its pieces, and so on to the root.
    levels: Vec<Vec<u32>>,
}

impl Base {
    /// The words of the vector.
    pub(crate) fn words(&self) -> &[u32] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    #[inline]
    fn piece(&self, level: usize, number: usize) -> Piece {
        let mut piece = [0; WIDTH];
        piece.copy_from_slice(&self.levels[level][number * WIDTH..][..WIDTH]);
        piece
    }

    /// The number of the vector.
    pub(crate) fn number(&self) -> usize {
        self.number
    }
}
