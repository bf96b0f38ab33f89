//! From written types to types, and from names of events to events.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::suggestion::nearest;
use super::symbols::{EventId, MachineId, Variable, VariableId, VariableRole};
use super::{MAX_TYPE_SIZE, Symbols, Type, TypeId, TypeTable};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    Ast, BasicType, FunctionId, Name, Parameter, TypeExpression, TypeExpressionKind, Variables,
};

/// Names are suggested in the first diagnostics only: nobody reads more.
pub(crate) const MAX_SUGGESTIONS: usize = 20;

/// Resolves names against what is declared, and reports what is not.
pub(crate) struct Resolver<'a> {
    pub(crate) symbols: &'a mut Symbols,
    pub(crate) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Resolver<'_> {
    /// The type that is written; [`TypeTable::ERROR`] after a report.
    /// Recursion is bounded by the nesting that the parser allows.
    pub(crate) fn type_expression(&mut self, written: &TypeExpression) -> TypeId {
        let kind = match &written.kind {
            TypeExpressionKind::Basic(basic) => return basic_type(*basic),
            TypeExpressionKind::Named(name) => {
                return match self.symbols.type_names.get(&name.text) {
                    Some(id) => *id,
                    None => {
                        self.unknown("type", name);
                        TypeTable::ERROR
                    }
                };
            }
            TypeExpressionKind::Sequence(element) => Type::Sequence(self.type_expression(element)),
            TypeExpressionKind::Set(element) => Type::Set(self.type_expression(element)),
            TypeExpressionKind::Map(key, value) => {
                Type::Map(self.type_expression(key), self.type_expression(value))
            }
            TypeExpressionKind::Tuple(parts) => Type::Tuple(
                parts
                    .iter()
                    .map(|part| self.type_expression(part))
                    .collect(),
            ),
            TypeExpressionKind::NamedTuple(fields) => {
                if !self.distinct(fields.iter().map(|field| &field.name)) {
                    return TypeTable::ERROR;
                }
                let typed = |field: &Parameter| {
                    (field.name.text.clone(), self.type_expression(&field.kind))
                };
                Type::NamedTuple(fields.iter().map(typed).collect())
            }
        };
        self.intern(kind, written.span)
    }

    /// The number of a type, or a report that it is too large. A type with a wrong part
    /// is wrong, without a further report.
    pub(crate) fn intern(&mut self, kind: Type, span: Span) -> TypeId {
        let is_wrong = match &kind {
            Type::Sequence(part) | Type::Set(part) => *part == TypeTable::ERROR,
            Type::Map(key, value) => [key, value].contains(&&TypeTable::ERROR),
            Type::Tuple(parts) => parts.contains(&TypeTable::ERROR),
            Type::NamedTuple(fields) => fields.iter().any(|(_, part)| *part == TypeTable::ERROR),
            _ => false,
        };
        if is_wrong {
            return TypeTable::ERROR;
        }
        self.symbols.types.intern(kind).unwrap_or_else(|_| {
            let message = format!("this type has more than {MAX_TYPE_SIZE} parts when expanded");
            self.diagnostics
                .push(Diagnostic::error(Code::TypeTooLarge, span, message));
            TypeTable::ERROR
        })
    }

    /// Reports fields of one name; tells whether there are none.
    pub(crate) fn distinct<'n>(&mut self, names: impl Iterator<Item = &'n Name>) -> bool {
        let n_diagnostics = self.diagnostics.len();
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for name in names {
            if let Some(first) = seen.insert(&name.text, name.span) {
                let message = format!("two fields are called `{}`", name.text);
                self.diagnostics.push(
                    Diagnostic::error(Code::DuplicateField, name.span, message)
                        .with_label(first, "the first one"),
                );
            }
        }
        self.diagnostics.len() == n_diagnostics
    }

    /// Reports a name that is not declared, and the one that was probably meant.
    pub(crate) fn unknown(&mut self, kind: &str, name: &Name) {
        let symbols = &*self.symbols;
        let near = if self.diagnostics.len() < MAX_SUGGESTIONS {
            match kind {
                "type" => nearest(&name.text, symbols.type_names.keys().map(|key| &**key)),
                "event" => nearest(&name.text, symbols.event_names.keys().map(|key| &**key)),
                _ => nearest(&name.text, symbols.interface_names.keys().map(|key| &**key)),
            }
        } else {
            None
        };
        let near = near.map(str::to_owned);
        self.unknown_but(kind, name, near);
    }

    /// Reports a name that is not declared, with the one that was probably meant.
    pub(crate) fn unknown_but(&mut self, kind: &str, name: &Name, near: Option<String>) {
        let message = format!("there is no {kind} `{}`", name.text);
        let mut diagnostic = Diagnostic::error(Code::UnknownName, name.span, message);
        diagnostic.help = near.map(|near| format!("is `{near}` meant?"));
        self.diagnostics.push(diagnostic);
    }

    /// An event by its name, or a report.
    pub(crate) fn event(&mut self, name: &Name) -> Option<EventId> {
        let found = self.symbols.event_names.get(&name.text).copied();
        if found.is_none() {
            self.unknown("event", name);
        }
        found
    }

    /// A set of events by their names.
    pub(crate) fn event_set(&mut self, names: &[Name]) -> BTreeSet<EventId> {
        names.iter().filter_map(|name| self.event(name)).collect()
    }

    /// Adds a variable, and its name to a scope unless it is there already.
    pub(crate) fn variable(
        &mut self,
        scope: &mut HashMap<Arc<str>, VariableId>,
        name: &Name,
        kind: TypeId,
        role: VariableRole,
    ) -> VariableId {
        let id = VariableId(self.symbols.variables.len() as u32);
        self.symbols.variables.push(Variable {
            name: name.clone(),
            kind,
            role,
        });
        let global = self.symbols.parameter_names.get(&name.text);
        if let Some(other) = scope.get(&name.text).or(global) {
            let other = self.symbols.variable(*other);
            let (code, message) = match (role, other.role) {
                (VariableRole::Field, VariableRole::Global) => (
                    Code::RedeclaredParameter,
                    format!("`{}` is already a global param", name.text),
                ),
                _ => (
                    Code::DuplicateDeclaration,
                    format!("`{}` is declared twice", name.text),
                ),
            };
            self.diagnostics.push(
                Diagnostic::error(code, name.span, message)
                    .with_label(other.name.span, "first declared here"),
            );
        } else {
            scope.insert(name.text.clone(), id);
        }
        id
    }

    /// Adds the variables of one `var` or `param`.
    pub(crate) fn variables(
        &mut self,
        scope: &mut HashMap<Arc<str>, VariableId>,
        written: &Variables,
        role: VariableRole,
    ) -> Vec<VariableId> {
        let kind = self.type_expression(&written.kind);
        written
            .names
            .iter()
            .map(|name| self.variable(scope, name, kind, role))
            .collect()
    }

    /// Fills in what is known of a function: its place, parameters, variables, result.
    pub(crate) fn function(
        &mut self,
        ast: &Ast,
        id: FunctionId,
        owner: Option<MachineId>,
        parent: Option<FunctionId>,
    ) {
        let function = ast.function(id);
        let mut names = HashMap::new();
        let mut parameters = Vec::new();
        for parameter in &function.parameters {
            let kind = self.type_expression(&parameter.kind);
            parameters.push(self.variable(
                &mut names,
                &parameter.name,
                kind,
                VariableRole::Parameter,
            ));
        }
        let result = match &function.result {
            Some(result) => self.type_expression(result),
            None => TypeTable::NULL,
        };
        if let Some(name) = &function.result_name {
            self.variable(&mut names, name, result, VariableRole::Local);
        }
        let mut locals = Vec::new();
        for variables in function.body.iter().flat_map(|body| &body.variables) {
            locals.extend(self.variables(&mut names, variables, VariableRole::Local));
        }
        let info = &mut self.symbols.functions[id.index()];
        info.owner = owner;
        info.parent = parent;
        info.parameters = parameters;
        info.locals = locals;
        info.result = result;
        info.names = names;
    }
}

fn basic_type(basic: BasicType) -> TypeId {
    match basic {
        BasicType::Bool => TypeTable::BOOL,
        BasicType::Int => TypeTable::INT,
        BasicType::Float => TypeTable::FLOAT,
        BasicType::String => TypeTable::STRING,
        BasicType::Event => TypeTable::EVENT,
        BasicType::Machine => TypeTable::MACHINE,
        BasicType::Data => TypeTable::DATA,
        BasicType::Any => TypeTable::ANY,
    }
}
