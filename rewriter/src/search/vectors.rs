//! States as short vectors of numbers, shared piece by piece.
//!
//! The one idea: a state is a sequence of words, most of which are zero or the same as in many other
//! states. It is cut into pieces of eight; equal pieces are stored once, and the state becomes the
//! short sequence of their numbers, cut again where it is long. What is left, the *root*, is stored
//! for each state; two states are equal exactly when their roots are.
//!
//! Trailing zeros do not count: a vector may grow without becoming another.

use hashbrown::HashTable;

use crate::soup::SlotChange;

/// Words of a piece, and the most words of a root.
pub(crate) const WIDTH: usize = 8;

/// The words of a piece.
type Piece = [u32; WIDTH];

/// Pieces by number; piece 0 is all zeros.
#[derive(Clone, Debug)]
struct Pieces {
    pieces: Vec<Piece>,
    index: HashTable<u32>,
}

impl Pieces {
    fn new() -> Pieces {
        Pieces {
            pieces: vec![[0; WIDTH]],
            index: HashTable::new(),
        }
    }

    /// The number of a piece.
    #[inline]
    fn intern(&mut self, piece: &Piece) -> u32 {
        if *piece == [0; WIDTH] {
            return 0;
        }
        let hash = hash_words(piece);
        let pieces = &self.pieces;
        let found = self.index.find(hash, |&id| pieces[id as usize] == *piece);
        if let Some(&id) = found {
            return id;
        }
        let id = self.pieces.len() as u32;
        self.pieces.push(*piece);
        let pieces = &self.pieces;
        self.index
            .insert_unique(hash, id, |&other| hash_words(&pieces[other as usize]));
        id
    }

    fn bytes(&self) -> usize {
        self.pieces.capacity() * size_of::<Piece>() + self.index.capacity() * 5
    }
}

/// A set of vectors, numbered in the order in which they were inserted.
#[derive(Clone, Debug)]
pub(crate) struct Vectors {
    /// The lowest level first; as many as the longest vector needs.
    levels: Vec<Pieces>,
    /// The words of a root.
    width: usize,
    roots: Vec<u32>,
    n_vectors: usize,
    index: HashTable<u32>,
}

impl Vectors {
    /// No vectors.
    pub(crate) fn new() -> Vectors {
        Vectors {
            levels: Vec::new(),
            width: 1,
            roots: Vec::new(),
            n_vectors: 0,
            index: HashTable::new(),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.n_vectors
    }

    /// The bytes they occupy.
    pub(crate) fn bytes(&self) -> usize {
        let pieces: usize = self.levels.iter().map(Pieces::bytes).sum();
        pieces + self.roots.capacity() * size_of::<u32>() + self.index.capacity() * 5
    }

    #[inline]
    fn root(&self, number: usize) -> &[u32] {
        &self.roots[number * self.width..][..self.width]
    }

    /// Writes the words of a vector; as many as there can be, zeros included.
    pub(crate) fn read(&self, number: usize, words: &mut Vec<u32>) {
        words.clear();
        words.extend_from_slice(self.root(number));
        let mut below: Vec<u32> = Vec::new();
        for level in self.levels.iter().rev() {
            below.clear();
            for &word in words.iter() {
                below.extend_from_slice(&level.pieces[word as usize]);
            }
            std::mem::swap(words, &mut below);
        }
    }

    /// Inserts a vector; gives its number, and whether it is new.
    pub(crate) fn insert(&mut self, words: &[u32]) -> (usize, bool) {
        let mut root: smallvec::SmallVec<[u32; 16]> = words.into();
        self.reach(words.len());
        for level in &mut self.levels {
            let pieces: smallvec::SmallVec<[u32; 16]> = (root.chunks(WIDTH))
                .map(|chunk| {
                    let mut piece = [0; WIDTH];
                    piece[..chunk.len()].copy_from_slice(chunk);
                    level.intern(&piece)
                })
                .collect();
            root = pieces;
        }
        while root.len() > self.width && root.last() == Some(&0) {
            root.pop();
        }
        root.resize(self.width, 0);
        self.insert_root(&root)
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
        if needed > self.width {
            let mut roots = Vec::with_capacity(self.n_vectors * needed);
            for number in 0..self.n_vectors {
                roots.extend_from_slice(self.root(number));
                roots.resize((number + 1) * needed, 0);
            }
            (self.roots, self.width) = (roots, needed);
            self.rebuild_index();
        }
    }

    /// Every root becomes a piece.
    fn add_level(&mut self) {
        let mut level = Pieces::new();
        let mut roots = Vec::with_capacity(self.n_vectors);
        for number in 0..self.n_vectors {
            let mut piece = [0; WIDTH];
            piece[..self.width].copy_from_slice(self.root(number));
            roots.push(level.intern(&piece));
        }
        self.levels.push(level);
        (self.roots, self.width) = (roots, 1);
        self.rebuild_index();
    }

    fn rebuild_index(&mut self) {
        let (roots, width) = (&self.roots, self.width);
        let hash = |&number: &u32| hash_words(&roots[number as usize * width..][..width]);
        self.index.clear();
        self.index.reserve(self.n_vectors, hash);
        for number in 0..self.n_vectors as u32 {
            self.index.insert_unique(hash(&number), number, hash);
        }
    }

    #[inline]
    fn insert_root(&mut self, root: &[u32]) -> (usize, bool) {
        let (roots, width) = (&self.roots, self.width);
        let at = |number: u32| &roots[number as usize * width..][..width];
        let hash = hash_words(root);
        if let Some(&number) = self.index.find(hash, |&number| at(number) == root) {
            return (number as usize, false);
        }
        let number = self.n_vectors;
        self.roots.extend_from_slice(root);
        self.n_vectors += 1;
        let (roots, width) = (&self.roots, self.width);
        self.index.insert_unique(hash, number as u32, |&other| {
            hash_words(&roots[other as usize * width..][..width])
        });
        (number, true)
    }

    /// Starts to make vectors that differ little from one.
    pub(crate) fn open(&self, number: usize, base: &mut Base) {
        base.number = number;
        base.levels.resize(self.levels.len() + 1, Vec::new());
        let top = self.levels.len();
        base.levels[top].clear();
        base.levels[top].extend_from_slice(self.root(number));
        for depth in (0..top).rev() {
            let (below, above) = base.levels.split_at_mut(depth + 1);
            below[depth].clear();
            for &word in &above[0] {
                below[depth].extend_from_slice(&self.levels[depth].pieces[word as usize]);
            }
        }
    }

    /// Inserts the vector that has these words at these positions, in ascending order, and is
    /// otherwise the base. The positions are within the length of the base.
    pub(crate) fn insert_changed(&mut self, base: &Base, changes: &[SlotChange]) -> (usize, bool) {
        let width = self.width;
        let mut root = [0; WIDTH];
        root[..width].copy_from_slice(&base.levels[self.levels.len()][..width]);
        match self.levels.as_mut_slice() {
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
                    root[number] = level.intern(&piece);
                }
            }
            levels => {
                let mut words: smallvec::SmallVec<[(u32, u32); 8]> = changes
                    .iter()
                    .map(|change| (change.slot, change.to))
                    .collect();
                for (depth, level) in levels.iter_mut().enumerate() {
                    let mut above: smallvec::SmallVec<[(u32, u32); 8]> = smallvec::SmallVec::new();
                    for group in words.chunk_by(|a, b| a.0 / 8 == b.0 / 8) {
                        let number = group[0].0 / 8;
                        let mut piece = base.piece(depth, number as usize);
                        for &(position, word) in group {
                            piece[position as usize % WIDTH] = word;
                        }
                        above.push((number, level.intern(&piece)));
                    }
                    words = above;
                }
                for (position, word) in words {
                    root[position as usize] = word;
                }
            }
        }
        self.insert_root(&root[..width])
    }
}

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

#[inline]
fn hash_words(words: &[u32]) -> u64 {
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
