//! Machines, functions, tests and the program as terms.

use std::sync::Arc;

use super::{Lowering, Node, NodeId, Operator};
use crate::rules::TestCase;
use crate::syntax::ast::{
    Declaration, FunctionId, Handler, MachineKind, State, StateItemKind, Temperature, TestValue,
};
use crate::types::{EventSetId, MachineId, VariableRole};
use crate::vocabulary::Collection;

impl Lowering<'_> {
    /// `init(program, test)`, with that test only.
    pub(super) fn program(&mut self, test: &TestCase) -> NodeId {
        let ast = self.ast;
        let mut terms = Vec::new();
        let mut globals = Vec::new();
        let mut machine = 0;
        for declaration in &ast.declarations {
            match declaration {
                Declaration::Machine(_) => {
                    terms.push(self.machine(MachineId(machine)));
                    machine += 1;
                }
                Declaration::Interface(declared) => {
                    let id = self.symbols.interface_names[&declared.name.text];
                    let receives = self.symbols.interface(id).receives;
                    terms.push(self.interface(&declared.name.text, receives));
                }
                Declaration::Function(id) => self.global_function(*id, &mut globals, &mut terms),
                Declaration::Module(name, module) => {
                    let name = self.quoted(&name.text);
                    let module = self.module(*module);
                    terms.push(self.apply(Operator::Module, [name, module]));
                }
                _ => {}
            }
        }
        let globals = self.collect(Collection::FUNCTIONS, globals);
        terms.push(self.apply(Operator::Global, [globals]));
        // Event sets, and single events, that are used as the types of references.
        for (name, events) in std::mem::take(&mut self.references) {
            let is_declared = self.symbols.interface_names.contains_key(&name)
                || self.symbols.machine_names.contains_key(&name);
            if !is_declared {
                terms.push(self.interface(&name, events));
            }
        }
        self.claims(&mut terms);
        terms.push(self.test(test));
        let declarations = self.collect(Collection::DECLARATIONS, terms);
        let program = self.apply(Operator::Program, [declarations]);
        let name = self.quoted(&test.name.as_str().into());
        self.apply(Operator::Init, [program, name])
    }

    fn test(&mut self, test: &TestCase) -> NodeId {
        let name = self.quoted(&test.name.as_str().into());
        let main = self.quoted(&self.symbols.machine(test.main).name.text);
        let module = match test.module {
            Some(module) => self.module(module),
            None => self.every_machine(),
        };
        let mut parameters = Vec::new();
        for id in self.symbols.global_parameters() {
            let given = test.assignment.iter().find(|(other, _)| *other == id);
            let value = match given.map(|(_, value)| *value) {
                Some(TestValue::Bool(value)) => self.bool(value),
                Some(TestValue::Int(value)) => self.int(value.into()),
                // What a test does not mention keeps the default of its type.
                None => {
                    let kind = self.type_term(self.symbols.variable(id).kind);
                    self.apply(Operator::DefaultOf, [kind])
                }
            };
            debug_assert_eq!(self.symbols.variable(id).role, VariableRole::Global);
            let name = self.quoted(&self.symbols.variable(id).name.text);
            parameters.push(self.apply(Operator::Parameter, [name, value]));
        }
        let parameters = self.collect(Collection::PARAMETERS, parameters);
        self.apply(Operator::Test, [name, main, module, parameters])
    }

    fn interface(&mut self, name: &Arc<str>, events: EventSetId) -> NodeId {
        let name = self.quoted(name);
        let events = self.event_names(events);
        let events = self.apply(Operator::Events, [events]);
        self.apply(Operator::Interface, [name, events])
    }

    fn event_names(&mut self, events: EventSetId) -> NodeId {
        let symbols = self.symbols;
        self.names(
            symbols
                .types
                .events(events)
                .iter()
                .map(|id| &symbols.event(*id).name),
        )
    }

    /// Events that are listed; all of them where there is no list.
    fn permissions(&mut self, is_listed: bool, events: EventSetId) -> NodeId {
        if is_listed {
            let events = self.event_names(events);
            self.apply(Operator::Events, [events])
        } else {
            self.constant(Operator::AllEvents)
        }
    }

    fn machine(&mut self, id: MachineId) -> NodeId {
        let symbols = self.symbols;
        let machine = symbols.machine(id);
        let syntax = symbols.machine_syntax(self.ast, id);
        let name = self.quoted(&machine.name.text);
        let variables = self.variables(&machine.fields);
        let states = syntax
            .states
            .iter()
            .map(|state| self.state(state))
            .collect();
        let states = self.collect(Collection::STATES, states);
        let functions = syntax
            .functions
            .iter()
            .map(|id| self.function(*id))
            .collect();
        let functions = self.collect(Collection::FUNCTIONS, functions);
        let Some(start) = machine.start else {
            unreachable!("the rules demand a start state")
        };
        let start = self.quoted(&syntax.states[start].name.text);
        let operator = match machine.kind {
            MachineKind::Machine => {
                let receives = self.permissions(syntax.receives.is_some(), machine.receives);
                let sends = self.permissions(syntax.sends.is_some(), machine.sends);
                let arguments = [name, receives, sends, variables, states, functions, start];
                return self.apply(Operator::Machine, arguments);
            }
            MachineKind::Spec => Operator::Spec,
            MachineKind::Scenario => Operator::Scenario,
        };
        let observes = self.event_names(machine.observes);
        self.apply(
            operator,
            [name, observes, variables, states, functions, start],
        )
    }

    pub(super) fn function(&mut self, id: FunctionId) -> NodeId {
        let function = self.ast.function(id);
        let Some(name) = &function.name else {
            unreachable!("handlers are written in their states")
        };
        let name = self.quoted(&name.text);
        if function.body.is_none() {
            let info = self.symbols.function(id);
            let parameters = self.variables(&info.parameters);
            let result = self.type_term(info.result);
            return self.apply(self.foreign, [name, parameters, result]);
        }
        let [parameters, locals, block] = self.body(id);
        self.apply(Operator::Function, [name, parameters, locals, block])
    }

    fn action(&mut self, handler: Option<&Handler>) -> NodeId {
        match handler {
            None => self.constant(Operator::Skip),
            Some(Handler::Named(name)) => {
                let name = self.quoted(&name.text);
                self.apply(Operator::Named, [name])
            }
            Some(Handler::Inline(id)) => {
                let body = self.body(*id);
                self.apply(Operator::Body, body)
            }
        }
    }

    fn state(&mut self, state: &State) -> NodeId {
        let name = self.quoted(&state.name.text);
        let temperature = self.constant(match state.temperature {
            None => Operator::Warm,
            Some(Temperature::Hot) => Operator::Hot,
            Some(Temperature::Cold) => Operator::Cold,
        });
        let mut entry = None;
        let mut exit = None;
        let mut handlers = Vec::new();
        for item in &state.items {
            let (events, reaction) = match &item.kind {
                StateItemKind::Entry(handler) => {
                    entry = Some(handler);
                    continue;
                }
                StateItemKind::Exit(handler) => {
                    exit = Some(handler);
                    continue;
                }
                StateItemKind::Defer(events) => (events, self.constant(Operator::Defer)),
                StateItemKind::Ignore(events) => (events, self.constant(Operator::Ignore)),
                StateItemKind::OnDo(events, handler) => {
                    let action = self.action(Some(handler));
                    (events, self.apply(Operator::ReactDo, [action]))
                }
                StateItemKind::OnGoto(events, target, handler) => {
                    let target = self.quoted(&target.text);
                    let action = self.action(handler.as_ref());
                    (events, self.apply(Operator::ReactGoto, [target, action]))
                }
            };
            for event in events {
                let position = self.position(event.span);
                let event = self.push(Node::Quoted(event.text.clone()));
                handlers.push(self.apply(Operator::On, [event, reaction, position]));
            }
        }
        let entry = self.action(entry);
        let exit = self.action(exit);
        let handlers = self.collect(Collection::HANDLERS, handlers);
        let position = self.position(state.span);
        self.apply(
            Operator::State,
            [name, temperature, entry, exit, handlers, position],
        )
    }
}
