//! The types of what only the verifier asks: of machines, messages, and all of them.
//!
//! The variables of a quantifier are in scope in its body, whose parts stand before it in
//! the list of expressions: so a scope is a range of parts, opened before any is typed.
//!
//! Source: p-language 7.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::Resolution;
use super::bodies::Body;
use crate::diagnostic::Code;
use crate::syntax::ast::{ExprId, ExpressionKind, Name};
use crate::types::{Symbols, Type, TypeId, TypeTable, VariableId, VariableRole};

/// The body of a quantifier, as a range of parts, and its variables.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    parts: RangeInclusive<usize>,
    names: HashMap<Arc<str>, VariableId>,
}

/// The event whose messages a type ranges over, if it does: events are types for the
/// verifier.
pub(crate) fn message_type(symbols: &Symbols, kind: TypeId) -> Option<Option<Arc<str>>> {
    match symbols.types.kind(kind) {
        Type::Event => Some(None),
        Type::Reference(name, _)
            if symbols.event_names.contains_key(name)
                && !symbols.interface_names.contains_key(name)
                && !symbols.machine_names.contains_key(name) =>
        {
            Some(Some(name.clone()))
        }
        _ => None,
    }
}

impl Body<'_> {
    /// Declares the variables of all quantifiers in an expression.
    pub(super) fn open_scopes(&mut self, id: ExprId) {
        let ast = self.ast;
        for part in ast.parts(id) {
            let ExpressionKind::Quantified(quantifier, operand) = &ast.expression(part).kind else {
                continue;
            };
            let mut names = HashMap::new();
            let mut variables = Vec::new();
            for parameter in &quantifier.bound {
                let kind = self.resolver.type_expression(&parameter.kind);
                let role = VariableRole::Local;
                variables.push(
                    self.resolver
                        .variable(&mut names, &parameter.name, kind, role),
                );
            }
            let first = ast.parts(*operand).next().unwrap_or(*operand);
            self.scopes.push(Scope {
                parts: first.index()..=operand.index(),
                names,
            });
            self.bound.insert(part, variables);
        }
    }

    /// The variable that the innermost quantifier around a part gives a name to.
    pub(super) fn bound_variable(&self, id: ExprId, name: &str) -> Option<VariableId> {
        self.scopes
            .iter()
            .filter(|scope| scope.parts.contains(&id.index()))
            .filter_map(|scope| Some((scope, *scope.names.get(name)?)))
            .min_by_key(|(scope, _)| scope.parts.end() - scope.parts.start())
            .map(|(_, variable)| variable)
    }

    fn is_message(&self, id: ExprId) -> bool {
        message_type(self.resolver.symbols, self.type_of(id)).is_some()
    }

    fn is_machine(&self, id: ExprId) -> bool {
        !self.is_message(id) && matches!(self.kind(id), Type::Machine | Type::Reference(..))
    }

    /// `e is E`, `m is M`, `m is S`.
    pub(super) fn kind_test(&mut self, id: ExprId, operand: ExprId, name: &Name) -> TypeId {
        let symbols = &*self.resolver.symbols;
        let found = if self.is_message(operand) {
            let event = symbols.event_names.get(&name.text);
            event.map(|event| Resolution::Event(*event))
        } else if self.is_machine(operand) {
            let machine = symbols.machine_names.get(&name.text);
            let is_state = |(_, machine): (_, &crate::types::Machine)| {
                machine.state_names.contains_key(&name.text)
            };
            machine
                .map(|machine| Resolution::Machine(*machine))
                .or_else(|| {
                    symbols
                        .machines()
                        .any(is_state)
                        .then_some(Resolution::State)
                })
        } else {
            return self.mismatch(operand, "a machine or an event");
        };
        let Some(found) = found else {
            let what = if self.is_message(operand) {
                "event"
            } else {
                "machine or state"
            };
            self.resolver.unknown_but(what, name, None);
            return TypeTable::ERROR;
        };
        self.resolutions[id.index()] = Some(found);
        TypeTable::BOOL
    }

    /// `inflight e`, `sent e`.
    pub(super) fn message_test(&mut self, operand: ExprId) -> TypeId {
        if self.is_message(operand) {
            TypeTable::BOOL
        } else {
            self.mismatch(operand, "an event")
        }
    }

    /// `e targets m`.
    pub(super) fn targets(&mut self, event: ExprId, machine: ExprId) -> TypeId {
        if !self.is_message(event) {
            return self.mismatch(event, "an event");
        }
        if !self.is_machine(machine) {
            return self.mismatch(machine, "a machine");
        }
        TypeTable::BOOL
    }

    /// A field of a machine, a spec, or the payload of a message.
    pub(super) fn question_field(&mut self, id: ExprId, operand: ExprId, field: &Name) -> TypeId {
        let in_quantifier = |scope: &Scope| scope.parts.contains(&id.index());
        if !self.in_claim && !self.scopes.iter().any(in_quantifier) {
            // For machines, others have no fields.
            return self.mismatch(operand, "a named tuple");
        }
        let symbols = &*self.resolver.symbols;
        if let Some(event) = message_type(symbols, self.type_of(operand)) {
            let payload = event
                .and_then(|event| symbols.event_names.get(&event))
                .map(|event| symbols.event(*event).payload);
            let Some(Type::NamedTuple(fields)) = payload.map(|kind| symbols.types.kind(kind))
            else {
                return self.mismatch(operand, "an event with a named tuple");
            };
            return match fields.iter().find(|(name, _)| *name == field.text) {
                Some((_, kind)) => *kind,
                None => self.no_field(field),
            };
        }
        let machine = match (self.resolutions[operand.index()], self.kind(operand)) {
            (Some(Resolution::Spec(spec)), _) => Some(spec),
            (_, Type::Reference(name, _)) => symbols.machine_names.get(name).copied(),
            _ => None,
        };
        let Some(machine) = machine else {
            return self.mismatch(operand, "a named tuple");
        };
        let Some(variable) = symbols
            .machine(machine)
            .field_names
            .get(&field.text)
            .copied()
        else {
            return self.no_field(field);
        };
        let kind = symbols.variable(variable).kind;
        self.resolutions[id.index()] = Some(Resolution::Machine(machine));
        kind
    }

    fn no_field(&mut self, field: &Name) -> TypeId {
        let message = format!("there is no field `{}`", field.text);
        self.error(Code::NoSuchField, field.span, message)
    }
}
