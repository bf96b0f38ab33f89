//! Interned names: every identifier of a module text becomes a [`Name`], a small number.
//!
//! The one idea: names are compared, hashed and copied as numbers everywhere, and their text is
//! looked up only to print. The table belongs to the process and never shrinks, so the text lives
//! as long as the process does. Names have no order of their own on purpose: the order of numbers
//! depends on what was read first. Sort by [`Name::as_str`] when an order can be seen.

use std::fmt;
use std::sync::{LazyLock, RwLock};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// An interned string.
///
/// ```
/// use rewriter::name::Name;
/// assert_eq!(Name::new("_+_"), Name::new("_+_"));
/// assert_eq!(Name::new("_+_").as_str(), "_+_");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(u32);

#[derive(Default)]
struct Table {
    texts: Vec<&'static str>,
    index: HashTable<u32>,
}

static TABLE: LazyLock<RwLock<Table>> = LazyLock::new(RwLock::default);

impl Name {
    /// The name with this text; the same text always gives the same name.
    pub fn new(text: &str) -> Name {
        if let Some(name) = Name::existing(text) {
            return name;
        }
        let hash = FxBuildHasher.hash_one(text);
        let mut guard = match TABLE.write() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        };
        let table = &mut *guard;
        if let Some(&number) = table
            .index
            .find(hash, |&number| table.texts[number as usize] == text)
        {
            return Name(number);
        }
        let Ok(number) = u32::try_from(table.texts.len()) else {
            unreachable!("four thousand million names need more text than a source may have")
        };
        let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
        table.texts.push(text);
        let texts = &table.texts;
        table.index.insert_unique(hash, number, |&other| {
            FxBuildHasher.hash_one(texts[other as usize])
        });
        Name(number)
    }

    /// The name with this text if one was made before; makes none.
    pub fn existing(text: &str) -> Option<Name> {
        let hash = FxBuildHasher.hash_one(text);
        let table = match TABLE.read() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        };
        table
            .index
            .find(hash, |&number| table.texts[number as usize] == text)
            .map(|&n| Name(n))
    }

    /// The text of this name.
    pub fn as_str(self) -> &'static str {
        let table = match TABLE.read() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        };
        table.texts[self.0 as usize]
    }

    /// The number of this name, dense from 0, for tables indexed by name.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.as_str())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_equal_names() {
        let name = Name::new("name-test");
        assert_eq!(name, Name::new("name-test"));
        assert_ne!(name, Name::new("name-test2"));
        assert_eq!(Name::existing("name-test"), Some(name));
        assert_eq!(Name::existing("name-test-never-made"), None);
        assert_eq!(name.to_string(), "name-test");
    }
}
