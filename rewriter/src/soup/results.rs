//! Sequences of numbers, remembered by sequences of numbers.

use hashbrown::HashTable;

/// What functions of numbers gave.
#[derive(Clone, Default, Debug)]
pub(crate) struct Results {
    index: HashTable<u32>,
    /// Where the key starts, the value starts, and the value ends.
    entries: Vec<[u32; 3]>,
    words: Vec<u32>,
    n_cleared: u32,
}

impl Results {
    /// The value for a key.
    #[inline]
    pub(crate) fn find(&self, key: &[u32]) -> Option<&[u32]> {
        let found = self.index.find(hash(key), |&entry| {
            let [start, end, _] = self.entries[entry as usize];
            &self.words[start as usize..end as usize] == key
        });
        found.map(|&entry| {
            let [_, start, end] = self.entries[entry as usize];
            &self.words[start as usize..end as usize]
        })
    }

    /// Adds an entry that is not looked for.
    fn push(&mut self, key: &[u32], value: &[u32]) -> u32 {
        let start = self.words.len() as u32;
        self.words.extend_from_slice(key);
        let middle = self.words.len() as u32;
        self.words.extend_from_slice(value);
        let entry = self.entries.len() as u32;
        self.entries.push([start, middle, self.words.len() as u32]);
        entry
    }

    /// Remembers a value for a key that has none.
    pub(crate) fn insert(&mut self, key: &[u32], value: &[u32]) {
        let entry = self.push(key, value);
        let (entries, words) = (&self.entries, &self.words);
        self.index.insert_unique(hash(key), entry, |&other| {
            let [start, end, _] = entries[other as usize];
            hash(&words[start as usize..end as usize])
        });
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How often all were forgotten.
    pub(crate) fn n_cleared(&self) -> u32 {
        self.n_cleared
    }

    /// Keys and values, from one on.
    pub(crate) fn since(&self, first: usize) -> impl Iterator<Item = (&[u32], &[u32])> {
        self.entries[first..].iter().map(|&[start, middle, end]| {
            let [start, middle, end] = [start, middle, end].map(|word| word as usize);
            (&self.words[start..middle], &self.words[middle..end])
        })
    }

    /// A copy of those from one on.
    pub(crate) fn tail(&self, first: usize) -> Results {
        let mut tail = Results::default();
        for (key, value) in self.since(first) {
            tail.push(key, value);
        }
        tail
    }

    /// Forgets those from one on.
    pub(crate) fn truncate(&mut self, n_entries: usize) {
        let Some(&[first_word, ..]) = self.entries.get(n_entries) else {
            return;
        };
        for number in n_entries..self.entries.len() {
            let [start, end, _] = self.entries[number];
            let hash = hash(&self.words[start as usize..end as usize]);
            let known = (self.index).find_entry(hash, |&entry| entry as usize == number);
            if let Ok(entry) = known {
                entry.remove();
            }
        }
        self.entries.truncate(n_entries);
        self.words.truncate(first_word as usize);
    }

    /// The bytes in use.
    pub(crate) fn bytes(&self) -> usize {
        self.words.len() * size_of::<u32>() + self.entries.len() * (size_of::<[u32; 3]>() + 6)
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.n_cleared += 1;
        self.index.clear();
        self.entries.clear();
        self.words.clear();
    }
}

/// A hash of a sequence.
#[inline]
pub(super) fn hash(key: &[u32]) -> u64 {
    const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;
    let mut hash = 0u64;
    for &word in key {
        hash = (hash.rotate_left(29) ^ u64::from(word)).wrapping_mul(FACTOR);
    }
    hash ^ (hash >> 32)
}
