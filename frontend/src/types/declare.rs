//! The tables of a program: every name first, then what the names stand for.
//!
//! Declarations may be used before they stand, in any file, so names are collected in
//! one pass and types resolved in a second. Type definitions are resolved in the order
//! of their use, without recursion from one to the next.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::resolve::Resolver;
use super::symbols::{
    Element, ElementId, EnumId, Enumeration, Event, EventId, FunctionInfo, Interface, InterfaceId,
    Machine, MachineId, Symbols, VariableRole,
};
use super::{Type, TypeId, TypeTable};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    self, Ast, Declaration, MachineKind, Name, StateItemKind, TypeDeclaration, TypeExpression,
    TypeExpressionKind,
};

/// Collects what a program declares. What is declared twice is reported and the first
/// one counts; what cannot be resolved is reported and has the type [`Type::Error`].
#[must_use]
pub fn declare(ast: &Ast) -> (Symbols, Vec<Diagnostic>) {
    let mut symbols = Symbols::default();
    let mut diagnostics = Vec::new();
    let mut tables = Tables {
        ast,
        resolver: Resolver {
            symbols: &mut symbols,
            diagnostics: &mut diagnostics,
        },
        event_sets: HashMap::new(),
    };
    tables.events();
    tables.names();
    tables.permissions();
    tables.type_names();
    tables.contents();
    (symbols, diagnostics)
}

struct Tables<'a> {
    ast: &'a Ast,
    resolver: Resolver<'a>,
    /// Event sets by name.
    event_sets: HashMap<Arc<str>, &'a ast::EventSet>,
}

/// The kinds of names that exclude each other, apart from variables.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Group {
    /// Types, enums, interfaces, machines.
    Type,
    /// Events and elements of enums.
    Event,
    /// Event sets.
    EventSet,
    Function,
    Module,
    /// Tests and implementations.
    Test,
}

impl<'a> Tables<'a> {
    /// Events and elements, whose names every later step needs.
    fn events(&mut self) {
        for name in ["null", "halt"] {
            let id = EventId(self.resolver.symbols.events.len() as u32);
            let payload = TypeTable::NULL;
            self.resolver.symbols.events.push(Event {
                name: name.into(),
                span: None,
                payload,
            });
            self.resolver.symbols.event_names.insert(name.into(), id);
        }
    }

    fn names(&mut self) {
        let mut seen: HashMap<(Group, &'a str), Span> = HashMap::new();
        let ast = self.ast;
        for (index, declaration) in ast.declarations.iter().enumerate() {
            match declaration {
                Declaration::Type(declared) => {
                    self.first(&mut seen, Group::Type, &declared.name);
                }
                Declaration::Enumeration(declared) => self.enumeration(&mut seen, declared),
                Declaration::Event(declared) => {
                    let symbols = &mut self.resolver.symbols;
                    let id = EventId(symbols.events.len() as u32);
                    symbols.events.push(Event {
                        name: declared.name.text.clone(),
                        span: Some(declared.name.span),
                        payload: TypeTable::ERROR,
                    });
                    if self.first(&mut seen, Group::Event, &declared.name) {
                        let name = declared.name.text.clone();
                        self.resolver.symbols.event_names.insert(name, id);
                    }
                }
                Declaration::EventSet(declared) => {
                    let name = &declared.name;
                    let interface = self
                        .resolver
                        .symbols
                        .interface_names
                        .get(&name.text)
                        .copied();
                    if let Some(other) = interface {
                        let other = self.resolver.symbols.interface(other).name.span;
                        self.duplicate(name, Some(other));
                    } else if self.first(&mut seen, Group::EventSet, name) {
                        self.event_sets.insert(name.text.clone(), declared);
                    }
                }
                Declaration::Interface(declared) => {
                    let is_first = self.first(&mut seen, Group::Type, &declared.name);
                    self.interface(&declared.name, None, is_first);
                }
                Declaration::Machine(declared) => self.machine(&mut seen, index, declared),
                Declaration::Function(id) => {
                    if let Some(name) = &ast.function(*id).name
                        && self.first(&mut seen, Group::Function, name)
                    {
                        self.resolver
                            .symbols
                            .function_names
                            .insert(name.text.clone(), *id);
                    }
                }
                Declaration::Module(name, module) => {
                    if self.first(&mut seen, Group::Module, name) {
                        self.resolver
                            .symbols
                            .module_names
                            .insert(name.text.clone(), *module);
                    }
                }
                Declaration::Test(declared) => {
                    self.first(&mut seen, Group::Test, &declared.name);
                }
                Declaration::Implementation(declared) => {
                    self.first(&mut seen, Group::Test, &declared.name);
                }
                Declaration::Parameters(_) | Declaration::Proof(_) => {}
            }
        }
        self.resolver.symbols.functions = ast.functions().map(|_| FunctionInfo::new()).collect();
    }

    /// Whether this is the first of its group and name; otherwise it is reported.
    fn first(
        &mut self,
        seen: &mut HashMap<(Group, &'a str), Span>,
        group: Group,
        name: &'a Name,
    ) -> bool {
        match seen.get(&(group, &*name.text)) {
            Some(first) => {
                let first = *first;
                self.duplicate(name, Some(first));
                false
            }
            None => {
                seen.insert((group, &name.text), name.span);
                true
            }
        }
    }

    fn duplicate(&mut self, name: &Name, first: Option<Span>) {
        let message = format!("`{}` is declared twice", name.text);
        let mut diagnostic = Diagnostic::error(Code::DuplicateDeclaration, name.span, message);
        if let Some(first) = first {
            diagnostic = diagnostic.with_label(first, "first declared here");
        }
        self.resolver.diagnostics.push(diagnostic);
    }

    fn enumeration(
        &mut self,
        seen: &mut HashMap<(Group, &'a str), Span>,
        declared: &'a ast::Enumeration,
    ) {
        let is_first = self.first(seen, Group::Type, &declared.name);
        let id = EnumId(self.resolver.symbols.enumerations.len() as u32);
        let mut elements = Vec::new();
        let mut numbers: HashMap<i32, Span> = HashMap::new();
        for (name, number) in &declared.elements {
            if let Some(first) = numbers.insert(*number, name.span) {
                let message = format!("two elements have the number {number}");
                self.resolver.diagnostics.push(
                    Diagnostic::error(Code::DuplicateNumber, name.span, message)
                        .with_label(first, "the first one"),
                );
            }
            let element = ElementId(self.resolver.symbols.elements.len() as u32);
            let entry = Element {
                name: name.clone(),
                enumeration: id,
                number: *number,
            };
            self.resolver.symbols.elements.push(entry);
            elements.push(element);
            if self.first(seen, Group::Event, name) {
                self.resolver
                    .symbols
                    .element_names
                    .insert(name.text.clone(), element);
            }
        }
        let entry = Enumeration {
            name: declared.name.clone(),
            elements,
        };
        self.resolver.symbols.enumerations.push(entry);
        if is_first {
            let kind = self
                .resolver
                .intern(Type::Enumeration(id), declared.name.span);
            self.resolver
                .symbols
                .type_names
                .insert(declared.name.text.clone(), kind);
        }
    }

    fn interface(&mut self, name: &Name, machine: Option<MachineId>, is_first: bool) {
        let symbols = &mut self.resolver.symbols;
        let id = InterfaceId(symbols.interfaces.len() as u32);
        let receives = symbols.types.event_set(BTreeSet::new());
        let payload = TypeTable::ERROR;
        symbols.interfaces.push(Interface {
            name: name.clone(),
            payload,
            receives,
            machine,
        });
        if is_first {
            symbols.interface_names.insert(name.text.clone(), id);
        }
    }

    fn machine(
        &mut self,
        seen: &mut HashMap<(Group, &'a str), Span>,
        declaration: usize,
        declared: &'a ast::Machine,
    ) {
        let is_first = self.first(seen, Group::Type, &declared.name);
        let symbols = &mut self.resolver.symbols;
        let id = MachineId(symbols.machines.len() as u32);
        let nothing = symbols.types.event_set(BTreeSet::new());
        let mut state_names = HashMap::new();
        let mut state_spans: HashMap<&str, Span> = HashMap::new();
        let mut duplicates = Vec::new();
        for (place, state) in declared.states.iter().enumerate() {
            if let Some(first) = state_spans.get(&*state.name.text) {
                duplicates.push((&state.name, *first));
            } else {
                state_names.insert(state.name.text.clone(), place);
                state_spans.insert(&state.name.text, state.name.span);
            }
        }
        let mut function_names = HashMap::new();
        for function in &declared.functions {
            let Some(name) = &self.ast.function(*function).name else {
                continue;
            };
            // P compares a function with the states that stand before it only.
            let state = state_spans
                .get(&*name.text)
                .filter(|span| span.start < name.span.start);
            let other = function_names.get(&name.text).copied();
            let other = other.and_then(|other| self.ast.function(other).name.as_ref());
            if let Some(first) = other.map(|other| &other.span).or(state) {
                duplicates.push((name, *first));
            }
            // A function called like a state is one mistake, and calls of it are none.
            function_names.entry(name.text.clone()).or_insert(*function);
        }
        symbols.machines.push(Machine {
            kind: declared.kind,
            name: declared.name.clone(),
            declaration,
            receives: nothing,
            sends: nothing,
            observes: nothing,
            payload: TypeTable::ERROR,
            fields: Vec::new(),
            field_names: HashMap::new(),
            function_names,
            state_names,
            start: declared.states.iter().position(|state| state.is_start),
        });
        if is_first {
            symbols.machine_names.insert(declared.name.text.clone(), id);
        }
        if declared.kind == MachineKind::Machine {
            self.interface(&declared.name, Some(id), is_first);
        }
        for (name, first) in duplicates {
            self.duplicate(name, Some(first));
        }
    }

    /// The sets of events that machines and interfaces receive, send and observe.
    fn permissions(&mut self) {
        let all: BTreeSet<EventId> = (1..self.resolver.symbols.events.len() as u32)
            .map(EventId)
            .filter(|id| {
                let name = &self.resolver.symbols.event(*id).name;
                self.resolver.symbols.event_names.get(name) == Some(id)
            })
            .collect();
        let all = self.resolver.symbols.types.event_set(all);
        let mut interface = 0;
        let mut machine = 0;
        for declaration in &self.ast.declarations {
            match declaration {
                Declaration::Interface(declared) => {
                    let receives = self.resolver.event_set(&declared.receives);
                    let receives = self.resolver.symbols.types.event_set(receives);
                    self.resolver.symbols.interfaces[interface].receives = receives;
                    interface += 1;
                }
                Declaration::Machine(declared) => {
                    let is_spec = declared.kind != MachineKind::Machine;
                    let mut set = |names: &Option<Vec<Name>>| match names {
                        None if !is_spec => all,
                        names => {
                            let names = names.as_deref().unwrap_or_default();
                            let events = self.resolver.event_set(names);
                            self.resolver.symbols.types.event_set(events)
                        }
                    };
                    let receives = set(&declared.receives);
                    let sends = set(&declared.sends);
                    let observes = self.resolver.event_set(&declared.observes);
                    let symbols = &mut self.resolver.symbols;
                    let entry = &mut symbols.machines[machine];
                    entry.receives = receives;
                    entry.sends = sends;
                    entry.observes = symbols.types.event_set(observes);
                    machine += 1;
                    if !is_spec {
                        symbols.interfaces[interface].receives = receives;
                        interface += 1;
                    }
                }
                _ => {}
            }
        }
    }

    /// What a name means in the place of a type: an enum, a definition, an event set, an
    /// interface, a machine or an event, the first of these that there is.
    fn type_names(&mut self) {
        let mut references = Vec::new();
        for declaration in &self.ast.declarations {
            if let Declaration::EventSet(declared) = declaration {
                let events = self.resolver.event_set(&declared.events);
                let is_named = self
                    .event_sets
                    .get(&declared.name.text)
                    .is_some_and(|first| std::ptr::eq(*first, declared));
                if is_named {
                    let set = self.resolver.symbols.types.event_set(events);
                    references.push((declared.name.text.clone(), set));
                }
            }
        }
        let symbols = &mut self.resolver.symbols;
        for (_, interface) in symbols.interfaces() {
            references.push((interface.name.text.clone(), interface.receives));
        }
        for (_, machine) in symbols.machines() {
            references.push((machine.name.text.clone(), machine.receives));
        }
        for event in 1..symbols.events.len() as u32 {
            let set = symbols.types.event_set(BTreeSet::from([EventId(event)]));
            references.push((symbols.event(EventId(event)).name.clone(), set));
        }
        let definitions = self.definitions();
        for (name, events) in references {
            if !definitions.contains_key(&*name)
                && !self.resolver.symbols.type_names.contains_key(&name)
                && let Ok(id) = self
                    .resolver
                    .symbols
                    .types
                    .intern(Type::Reference(name.clone(), events))
            {
                self.resolver.symbols.type_names.insert(name, id);
            }
        }
        self.resolve_definitions(&definitions);
    }

    /// The first definition of each name that no enum has.
    fn definitions(&self) -> HashMap<&'a str, &'a TypeDeclaration> {
        let mut definitions = HashMap::new();
        for declaration in &self.ast.declarations {
            if let Declaration::Type(declared) = declaration
                && !self
                    .resolver
                    .symbols
                    .type_names
                    .contains_key(&declared.name.text)
            {
                definitions.entry(&*declared.name.text).or_insert(declared);
            }
        }
        definitions
    }

    /// Resolves each definition after those that it mentions: a depth-first walk whose
    /// path is a list, since definitions can chain as long as a file.
    fn resolve_definitions(&mut self, definitions: &HashMap<&'a str, &'a TypeDeclaration>) {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            OnPath,
            Done,
        }
        let mut marks: HashMap<&str, Mark> = HashMap::new();
        for declaration in &self.ast.declarations {
            let Declaration::Type(root) = declaration else {
                continue;
            };
            if definitions
                .get(&*root.name.text)
                .is_none_or(|first| !std::ptr::eq(*first, root))
                || marks.contains_key(&*root.name.text)
            {
                continue;
            }
            marks.insert(&root.name.text, Mark::OnPath);
            let mut path = vec![(root, mentioned(root))];
            while let Some((definition, open)) = path.last_mut() {
                let definition = *definition;
                if let Some(name) = open.pop() {
                    let Some(next) = definitions.get(name) else {
                        continue;
                    };
                    match marks.get(name) {
                        None => {
                            marks.insert(&next.name.text, Mark::OnPath);
                            path.push((next, mentioned(next)));
                        }
                        Some(Mark::OnPath) => {
                            let message = format!("the type `{name}` contains itself");
                            self.resolver.diagnostics.push(Diagnostic::error(
                                Code::CircularType,
                                next.name.span,
                                message,
                            ));
                            let names = &mut self.resolver.symbols.type_names;
                            names.insert(next.name.text.clone(), TypeTable::ERROR);
                        }
                        Some(Mark::Done) => {}
                    }
                } else {
                    marks.insert(&definition.name.text, Mark::Done);
                    path.pop();
                    let kind = self.definition(definition);
                    let names = &mut self.resolver.symbols.type_names;
                    names.entry(definition.name.text.clone()).or_insert(kind);
                }
            }
        }
    }

    fn definition(&mut self, definition: &TypeDeclaration) -> TypeId {
        match &definition.definition {
            Some(written) => self.resolver.type_expression(written),
            None => {
                let foreign = Type::Foreign(definition.name.text.clone());
                self.resolver.intern(foreign, definition.name.span)
            }
        }
    }

    /// Payloads, fields and signatures, now that all types can be resolved.
    fn contents(&mut self) {
        let ast = self.ast;
        // Global params first: no other variable may have their names.
        let mut scope = HashMap::new();
        for declaration in &ast.declarations {
            if let Declaration::Parameters(written) = declaration {
                self.resolver
                    .variables(&mut scope, written, VariableRole::Global);
            }
        }
        self.resolver.symbols.parameter_names = scope;
        let mut event = 2;
        let mut interface = 0;
        let mut machine = 0;
        for declaration in &ast.declarations {
            match declaration {
                Declaration::Event(declared) => {
                    let payload = self.optional(declared.payload.as_ref());
                    self.resolver.symbols.events[event].payload = payload;
                    event += 1;
                }
                Declaration::Interface(declared) => {
                    let payload = self.optional(declared.payload.as_ref());
                    self.resolver.symbols.interfaces[interface].payload = payload;
                    interface += 1;
                }
                Declaration::Machine(declared) => {
                    let payload = self.machine_contents(MachineId(machine), declared);
                    machine += 1;
                    if declared.kind == MachineKind::Machine {
                        self.resolver.symbols.interfaces[interface].payload = payload;
                        interface += 1;
                    }
                }
                Declaration::Function(id) => self.resolver.function(ast, *id, None, None),
                _ => {}
            }
        }
        for claim in ast.claims() {
            self.resolver.function(ast, claim, None, None);
        }
        for completed in &ast.completed {
            self.completed(completed);
        }
    }

    /// A body for a foreign function has the parameters and the result that were declared.
    fn completed(&mut self, completed: &ast::Completed) {
        let kinds: Vec<TypeId> = (completed.declared.parameters.iter())
            .map(|parameter| self.resolver.type_expression(&parameter.kind))
            .collect();
        let result = self.optional(completed.declared.result.as_ref());
        let symbols = &self.resolver.symbols;
        let function = symbols.function(completed.function);
        let parameters = function.parameters.iter();
        let own: Vec<TypeId> = parameters.map(|id| symbols.variable(*id).kind).collect();
        let is_wrong = |id: &TypeId| *id == TypeTable::ERROR;
        if kinds
            .iter()
            .chain(&own)
            .chain([&result, &function.result])
            .any(is_wrong)
        {
            return;
        }
        let Some(name) = &self.ast.function(completed.function).name else {
            return;
        };
        if own != kinds || function.result != result {
            let message = format!("`{}` is declared with another type", name.text);
            self.resolver.diagnostics.push(
                Diagnostic::error(Code::BadForeign, name.span, message)
                    .with_label(completed.declared.span, "declared here")
                    .with_help("give the body the parameters and the result of the declaration"),
            );
        }
    }

    fn optional(&mut self, written: Option<&TypeExpression>) -> TypeId {
        written.map_or(TypeTable::NULL, |written| {
            self.resolver.type_expression(written)
        })
    }

    fn machine_contents(&mut self, id: MachineId, declared: &ast::Machine) -> TypeId {
        let mut scope = HashMap::new();
        let mut fields = Vec::new();
        for written in &declared.variables {
            fields.extend(
                self.resolver
                    .variables(&mut scope, written, VariableRole::Field),
            );
        }
        let entry = &mut self.resolver.symbols.machines[id.index()];
        entry.fields = fields;
        entry.field_names = scope;
        for function in &declared.functions {
            self.resolver.function(self.ast, *function, Some(id), None);
        }
        for item in declared.states.iter().flat_map(|state| &state.items) {
            let handler = match &item.kind {
                StateItemKind::Entry(handler)
                | StateItemKind::Exit(handler)
                | StateItemKind::OnDo(_, handler)
                | StateItemKind::OnGoto(_, _, Some(handler)) => handler,
                _ => continue,
            };
            if let ast::Handler::Inline(function) = handler {
                self.resolver.function(self.ast, *function, Some(id), None);
            }
        }
        let symbols = &mut self.resolver.symbols;
        let entry = |start: usize| {
            let items = &declared.states[start].items;
            let handler = items.iter().find_map(|item| match &item.kind {
                StateItemKind::Entry(handler) => Some(handler),
                _ => None,
            })?;
            let function = symbols.handler(id, handler)?;
            let parameter = symbols.function(function).parameters.first()?;
            Some(symbols.variable(*parameter).kind)
        };
        let start = symbols.machine(id).start;
        let payload = start.and_then(entry).unwrap_or(TypeTable::NULL);
        symbols.machines[id.index()].payload = payload;
        payload
    }
}

/// The names in a definition.
fn mentioned(definition: &TypeDeclaration) -> Vec<&str> {
    let mut names = Vec::new();
    let mut open: Vec<&TypeExpression> = definition.definition.iter().collect();
    while let Some(written) = open.pop() {
        match &written.kind {
            TypeExpressionKind::Basic(_) => {}
            TypeExpressionKind::Named(name) => names.push(&*name.text),
            TypeExpressionKind::Sequence(part) | TypeExpressionKind::Set(part) => open.push(part),
            TypeExpressionKind::Map(key, value) => open.extend([&**key, &**value]),
            TypeExpressionKind::Tuple(parts) => open.extend(parts),
            TypeExpressionKind::NamedTuple(fields) => {
                open.extend(fields.iter().map(|field| &field.kind));
            }
        }
    }
    names
}
