//! Which values fit where.
//!
//! Source: p-language 2.3. Type definitions are transparent on both sides here, as P's
//! manual has it; the reference compiler does not look through a definition of an enum
//! or a machine on the right-hand side (D56).

use super::{EventSetId, Type, TypeId, TypeTable};

impl TypeTable {
    /// Whether a value of type `from` may be stored where `to` is declared.
    /// Recursion is bounded by [`super::MAX_TYPE_SIZE`].
    #[must_use]
    pub fn is_assignable(&self, to: TypeId, from: TypeId) -> bool {
        if to == from {
            return true;
        }
        match (self.kind(to), self.kind(from)) {
            (Type::Error, _) | (_, Type::Error) | (Type::Any, _) => true,
            (Type::Data, _) => self.is_plain_data(from),
            (Type::Event, Type::Null) => true,
            (Type::Machine, Type::Null | Type::Reference(..)) => true,
            (Type::Reference(_, to), Type::Reference(_, from)) => to == from,
            (Type::Sequence(to), Type::Sequence(from)) | (Type::Set(to), Type::Set(from)) => {
                self.is_assignable(*to, *from)
            }
            (Type::Map(to_key, to_value), Type::Map(from_key, from_value)) => {
                self.is_assignable(*to_key, *from_key) && self.is_assignable(*to_value, *from_value)
            }
            (Type::Tuple(to), Type::Tuple(from)) => {
                to.len() == from.len()
                    && to
                        .iter()
                        .zip(from)
                        .all(|(to, from)| self.is_assignable(*to, *from))
            }
            (Type::NamedTuple(to), Type::NamedTuple(from)) => {
                to.len() == from.len()
                    && to
                        .iter()
                        .zip(from)
                        .all(|((to_name, to), (from_name, from))| {
                            to_name == from_name && self.is_assignable(*to, *from)
                        })
            }
            _ => false,
        }
    }

    /// Whether values of either type fit the other.
    #[must_use]
    pub fn is_same(&self, left: TypeId, right: TypeId) -> bool {
        self.is_assignable(left, right) && self.is_assignable(right, left)
    }

    /// Whether values of one of the types fit the other.
    #[must_use]
    pub fn is_comparable(&self, left: TypeId, right: TypeId) -> bool {
        self.is_assignable(left, right) || self.is_assignable(right, left)
    }

    /// What `data` accepts: values that surely hold no reference with permissions.
    fn is_plain_data(&self, id: TypeId) -> bool {
        match self.kind(id) {
            Type::Machine | Type::Any | Type::Foreign(_) => false,
            Type::Reference(_, events) => self.is_empty(*events),
            Type::Sequence(element) | Type::Set(element) => self.is_plain_data(*element),
            Type::Map(key, value) => self.is_plain_data(*key) && self.is_plain_data(*value),
            Type::Tuple(parts) => parts.iter().all(|part| self.is_plain_data(*part)),
            Type::NamedTuple(fields) => fields.iter().all(|(_, part)| self.is_plain_data(*part)),
            _ => true,
        }
    }

    fn is_empty(&self, events: EventSetId) -> bool {
        self.events(events).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;

    #[test]
    fn collections_are_covariant_and_named_tuples_keep_their_order() {
        let mut table = TypeTable::new();
        let any = table.intern(Type::Sequence(TypeTable::ANY)).unwrap();
        let int = table.intern(Type::Sequence(TypeTable::INT)).unwrap();
        assert!(table.is_assignable(any, int));
        assert!(!table.is_assignable(int, any));
        let fields = |names: [&str; 2]| {
            Type::NamedTuple(
                names
                    .iter()
                    .map(|name| ((*name).into(), TypeTable::INT))
                    .collect(),
            )
        };
        let ab = table.intern(fields(["a", "b"])).unwrap();
        let ba = table.intern(fields(["b", "a"])).unwrap();
        assert!(!table.is_assignable(ab, ba));
    }

    #[test]
    fn null_fits_machine_and_event_but_no_interface() {
        let mut table = TypeTable::new();
        let none = table.event_set(BTreeSet::new());
        let client = table
            .intern(Type::Reference("Client".into(), none))
            .unwrap();
        assert!(table.is_assignable(TypeTable::MACHINE, TypeTable::NULL));
        assert!(table.is_assignable(TypeTable::EVENT, TypeTable::NULL));
        assert!(!table.is_assignable(client, TypeTable::NULL));
        assert!(!table.is_assignable(client, TypeTable::MACHINE));
        assert!(table.is_assignable(TypeTable::MACHINE, client));
        assert!(table.is_assignable(TypeTable::DATA, client));
        assert!(!table.is_assignable(TypeTable::DATA, TypeTable::MACHINE));
    }
}
