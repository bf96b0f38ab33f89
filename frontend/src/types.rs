//! Types and names: what a program declares, and what its types are.
//!
//! Types are kept once each in a [`TypeTable`] and compared by number. Definitions
//! (`type T = ..`) are expanded when they are resolved, so no type mentions one; a limit
//! on the expanded size keeps a short program from writing a huge type.

mod assignability;
mod declare;
pub(crate) mod resolve;
pub(crate) mod suggestion;
mod symbols;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub use declare::declare;
pub use symbols::{
    Element, ElementId, EnumId, Enumeration, Event, EventId, FunctionInfo, Interface, InterfaceId,
    Machine, MachineId, Symbols, Variable, VariableId, VariableRole,
};

/// The largest type, counted in type constructors, its definitions expanded.
pub const MAX_TYPE_SIZE: u32 = 2_000;

/// The number of a type in a [`TypeTable`]; equal types have equal numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(u32);

/// The number of a set of events in a [`TypeTable`]; equal sets have equal numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventSetId(u32);

/// A type, its definitions expanded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// The type of what has already been reported: it fits everywhere.
    Error,
    /// The type of `null`, of an event without payload, of a function without result.
    Null,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `float`
    Float,
    /// `string`
    String,
    /// `event`
    Event,
    /// `machine`
    Machine,
    /// `data`
    Data,
    /// `any`
    Any,
    /// An enum.
    Enumeration(EnumId),
    /// A machine, interface, event set or event as the type of a reference: its name,
    /// and the events that may be sent to it.
    Reference(Arc<str>, EventSetId),
    /// A foreign type.
    Foreign(Arc<str>),
    /// `seq[T]`
    Sequence(TypeId),
    /// `set[T]`
    Set(TypeId),
    /// `map[K, V]`
    Map(TypeId, TypeId),
    /// `(T, U)`
    Tuple(Vec<TypeId>),
    /// `(x: T, y: U)`
    NamedTuple(Vec<(Arc<str>, TypeId)>),
}

/// All types of a program, once each, and all sets of events.
#[derive(Clone, Debug)]
pub struct TypeTable {
    types: Vec<Type>,
    sizes: Vec<u32>,
    numbers: HashMap<Type, TypeId>,
    event_sets: Vec<BTreeSet<EventId>>,
    event_set_numbers: HashMap<BTreeSet<EventId>, EventSetId>,
}

/// A type that is larger than [`MAX_TYPE_SIZE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeTooLarge;

impl TypeTable {
    /// See [`Type::Error`].
    pub const ERROR: TypeId = TypeId(0);
    /// See [`Type::Null`].
    pub const NULL: TypeId = TypeId(1);
    /// See [`Type::Bool`].
    pub const BOOL: TypeId = TypeId(2);
    /// See [`Type::Int`].
    pub const INT: TypeId = TypeId(3);
    /// See [`Type::Float`].
    pub const FLOAT: TypeId = TypeId(4);
    /// See [`Type::String`].
    pub const STRING: TypeId = TypeId(5);
    /// See [`Type::Event`].
    pub const EVENT: TypeId = TypeId(6);
    /// See [`Type::Machine`].
    pub const MACHINE: TypeId = TypeId(7);
    /// See [`Type::Data`].
    pub const DATA: TypeId = TypeId(8);
    /// See [`Type::Any`].
    pub const ANY: TypeId = TypeId(9);

    /// The types with a name of their own.
    #[must_use]
    pub fn new() -> Self {
        let mut table = Self {
            types: Vec::new(),
            sizes: Vec::new(),
            numbers: HashMap::new(),
            event_sets: Vec::new(),
            event_set_numbers: HashMap::new(),
        };
        let basic = [
            Type::Error,
            Type::Null,
            Type::Bool,
            Type::Int,
            Type::Float,
            Type::String,
            Type::Event,
            Type::Machine,
            Type::Data,
            Type::Any,
        ];
        for kind in basic {
            table.push(kind, 1);
        }
        table
    }

    /// The type of a number.
    #[must_use]
    pub fn kind(&self, id: TypeId) -> &Type {
        &self.types[id.0 as usize]
    }

    /// The number of a type whose parts are numbered.
    ///
    /// # Errors
    /// If it would be larger than [`MAX_TYPE_SIZE`].
    pub fn intern(&mut self, kind: Type) -> Result<TypeId, TypeTooLarge> {
        if let Some(id) = self.numbers.get(&kind) {
            return Ok(*id);
        }
        let size = |id: &TypeId| self.sizes[id.0 as usize];
        let parts: u32 = match &kind {
            Type::Sequence(element) | Type::Set(element) => size(element),
            Type::Map(key, value) => size(key) + size(value),
            Type::Tuple(parts) => parts.iter().map(size).fold(0, u32::saturating_add),
            Type::NamedTuple(fields) => fields
                .iter()
                .map(|(_, part)| size(part))
                .fold(0, u32::saturating_add),
            _ => 0,
        };
        if parts >= MAX_TYPE_SIZE {
            return Err(TypeTooLarge);
        }
        Ok(self.push(kind, parts + 1))
    }

    fn push(&mut self, kind: Type, size: u32) -> TypeId {
        let id = TypeId(self.types.len() as u32);
        self.types.push(kind.clone());
        self.sizes.push(size);
        self.numbers.insert(kind, id);
        id
    }

    /// The number of a set of events.
    pub fn event_set(&mut self, events: BTreeSet<EventId>) -> EventSetId {
        if let Some(id) = self.event_set_numbers.get(&events) {
            return *id;
        }
        let id = EventSetId(self.event_sets.len() as u32);
        self.event_sets.push(events.clone());
        self.event_set_numbers.insert(events, id);
        id
    }

    /// The events of a set.
    #[must_use]
    pub fn events(&self, id: EventSetId) -> &BTreeSet<EventId> {
        &self.event_sets[id.0 as usize]
    }

    /// A type as a user would write it.
    #[must_use]
    pub fn display(&self, id: TypeId, symbols: &Symbols) -> String {
        let mut text = String::new();
        self.write(id, symbols, &mut text);
        const SHOWN: usize = 120;
        if text.len() > SHOWN {
            let mut end = SHOWN;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
            text.push_str("...");
        }
        text
    }

    /// Recursion is bounded by [`MAX_TYPE_SIZE`].
    fn write(&self, id: TypeId, symbols: &Symbols, text: &mut String) {
        let mut list = |parts: &[(&str, TypeId)], open: &str, close: &str| {
            text.push_str(open);
            for (index, (name, part)) in parts.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                text.push_str(name);
                if !name.is_empty() {
                    text.push_str(": ");
                }
                self.write(*part, symbols, text);
            }
            text.push_str(close);
        };
        match self.kind(id) {
            Type::Error => text.push_str("an unknown type"),
            Type::Null => text.push_str("null"),
            Type::Bool => text.push_str("bool"),
            Type::Int => text.push_str("int"),
            Type::Float => text.push_str("float"),
            Type::String => text.push_str("string"),
            Type::Event => text.push_str("event"),
            Type::Machine => text.push_str("machine"),
            Type::Data => text.push_str("data"),
            Type::Any => text.push_str("any"),
            Type::Enumeration(id) => text.push_str(&symbols.enumeration(*id).name.text),
            Type::Reference(name, _) | Type::Foreign(name) => text.push_str(name),
            Type::Sequence(element) => list(&[("", *element)], "seq[", "]"),
            Type::Set(element) => list(&[("", *element)], "set[", "]"),
            Type::Map(key, value) => list(&[("", *key), ("", *value)], "map[", "]"),
            Type::Tuple(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| ("", *part)).collect();
                list(&parts, "(", ")");
            }
            Type::NamedTuple(fields) => {
                let parts: Vec<_> = fields.iter().map(|(name, part)| (&**name, *part)).collect();
                list(&parts, "(", ")");
            }
        }
    }
}

impl Default for TypeTable {
    fn default() -> Self {
        Self::new()
    }
}
