//! Types as terms, each written once.

use super::{Lowering, NodeId, Operator};
use crate::lower::Node;
use crate::types::{Type, TypeId};
use crate::vocabulary::Collection;

impl Lowering<'_> {
    /// Recursion is bounded by [`crate::types::MAX_TYPE_SIZE`].
    pub(super) fn type_term(&mut self, id: TypeId) -> NodeId {
        if let Some(node) = self.types.get(&id) {
            return *node;
        }
        let node = match self.symbols.types.kind(id) {
            Type::Error => unreachable!("a program with errors is not lowered"),
            Type::Null => self.constant(Operator::NullType),
            Type::Bool => self.constant(Operator::BoolType),
            Type::Int => self.constant(Operator::IntType),
            Type::Float => self.constant(Operator::FloatType),
            Type::String => self.constant(Operator::StringType),
            Type::Event => self.constant(Operator::EventType),
            Type::Machine => self.constant(Operator::MachineType),
            Type::Data => self.constant(Operator::DataType),
            Type::Any => self.constant(Operator::AnyType),
            Type::Enumeration(id) => {
                let elements = &self.symbols.enumeration(*id).elements;
                let number = |id| i64::from(self.symbols.element(id).number);
                let numbers: Vec<i64> = elements.iter().map(|id| number(*id)).collect();
                let numbers = numbers
                    .into_iter()
                    .map(|n| self.push(Node::Int(n)))
                    .collect();
                let numbers = self.collect(Collection::NUMBERS, numbers);
                self.apply(Operator::EnumType, [numbers])
            }
            Type::Reference(name, events) => {
                self.references.insert((name.clone(), *events));
                let name = self.quoted(name);
                self.apply(Operator::InterfaceType, [name])
            }
            Type::Foreign(name) => {
                let name = self.quoted(name);
                self.apply(Operator::ForeignType, [name])
            }
            Type::Sequence(element) => {
                let element = self.type_term(*element);
                self.apply(Operator::SeqType, [element])
            }
            Type::Set(element) => {
                let element = self.type_term(*element);
                self.apply(Operator::SetType, [element])
            }
            Type::Map(key, value) => {
                let (key, value) = (self.type_term(*key), self.type_term(*value));
                self.apply(Operator::MapType, [key, value])
            }
            Type::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.type_term(*part)).collect();
                let parts = self.collect(Collection::TYPES, parts);
                self.apply(Operator::TupleType, [parts])
            }
            Type::NamedTuple(fields) => {
                let mut terms = Vec::new();
                for (name, kind) in fields {
                    let (name, kind) = (self.quoted(name), self.type_term(*kind));
                    terms.push(self.apply(Operator::FieldType, [name, kind]));
                }
                let fields = self.collect(Collection::FIELD_TYPES, terms);
                self.apply(Operator::RecordType, [fields])
            }
        };
        self.types.insert(id, node);
        node
    }
}
