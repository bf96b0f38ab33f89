//! Interned names: every identifier of a module text becomes a [`Name`].
//!
//! The one idea: equal texts are one text in memory, so names are compared and hashed by address.
//! The table belongs to the process and never shrinks, so the text lives as long as the process
//! does. Names have no order of their own on purpose, since addresses are accidents. Sort by
//! [`Name::as_str`] when an order can be seen, and iterate no hash map of names.

use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{LazyLock, RwLock};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An interned string.
///
/// ```
/// use rewriter::name::Name;
/// assert_eq!(Name::new("_+_"), Name::new("_+_"));
/// assert_eq!(Name::new("_+_").as_str(), "_+_");
/// ```
#[derive(Clone, Copy)]
pub struct Name(&'static str);

static TABLE: LazyLock<RwLock<HashTable<&'static str>>> = LazyLock::new(RwLock::default);

impl Name {
    /// The name with this text; the same text always gives the same name.
    pub fn new(text: &str) -> Name {
        if let Some(name) = Name::existing(text) {
            return name;
        }
        let hash = hash(text);
        let mut table = match TABLE.write() {
            Ok(table) => table,
            Err(poisoned) => poisoned.into_inner(),
        };
        if let Some(&known) = table.find(hash, |&known| known == text) {
            return Name(known);
        }
        let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
        table.insert_unique(hash, text, |&other| self::hash(other));
        Name(text)
    }

    /// The name with this text if one was made before; makes none.
    pub fn existing(text: &str) -> Option<Name> {
        let table = match TABLE.read() {
            Ok(table) => table,
            Err(poisoned) => poisoned.into_inner(),
        };
        table
            .find(hash(text), |&known| known == text)
            .map(|&known| Name(known))
    }

    /// The text of this name.
    #[inline]
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

fn hash(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

impl PartialEq for Name {
    #[inline]
    fn eq(&self, other: &Name) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Name {}

impl Hash for Name {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_ptr().addr().hash(state);
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

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        <&str>::deserialize(deserializer).map(Name::new)
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
