//! States and their handlers: shape, duplicates, and whether payloads fit.
//!
//! Source: reference compiler, DeclarationVisitor and MachineChecker; p-language 2.4.

use std::collections::HashMap;

use super::raised;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    Ast, FunctionId, Handler, MachineKind, Name, State, StateItemKind, Temperature,
};
use crate::types::{MachineId, Symbols, Type, TypeId, TypeTable};

/// Checks the states of all machines.
pub(super) fn check(ast: &Ast, symbols: &Symbols, diagnostics: &mut Vec<Diagnostic>) {
    for (id, _) in symbols.machines() {
        let mut machine = Machine {
            ast,
            symbols,
            diagnostics,
            id,
        };
        machine.start_state();
        for state in &symbols.machine_syntax(ast, id).states {
            machine.state(state);
        }
        machine.scenario();
    }
}

struct Machine<'a> {
    ast: &'a Ast,
    symbols: &'a Symbols,
    diagnostics: &'a mut Vec<Diagnostic>,
    id: MachineId,
}

impl<'a> Machine<'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn start_state(&mut self) {
        let machine = self.symbols.machine_syntax(self.ast, self.id);
        let mut starts = machine.states.iter().filter(|state| state.is_start);
        let Some(first) = starts.next() else {
            let message = format!("`{}` has no start state", machine.name.text);
            self.report(
                Diagnostic::error(Code::NoStartState, machine.name.span, message)
                    .with_help("mark one of its states with `start`"),
            );
            return;
        };
        for other in starts {
            let message = format!("`{}` has two start states", machine.name.text);
            self.report(
                Diagnostic::error(Code::TwoStartStates, other.name.span, message)
                    .with_label(first.name.span, "the first one"),
            );
        }
    }

    fn state(&mut self, state: &'a State) {
        let is_spec = self.symbols.machine(self.id).is_spec();
        let mut entry: Option<Span> = None;
        let mut exit: Option<Span> = None;
        let mut handled: HashMap<&str, Span> = HashMap::new();
        for item in &state.items {
            match &item.kind {
                StateItemKind::Entry(handler) => {
                    self.only(Code::DuplicateEntry, "entry", &mut entry, item.span);
                    self.at_most_one_parameter(handler, item.span);
                }
                StateItemKind::Exit(handler) => {
                    self.only(Code::DuplicateExit, "exit", &mut exit, item.span);
                    self.exit(handler, item.span);
                }
                StateItemKind::Defer(events) if is_spec => {
                    let message = "a spec machine cannot defer events";
                    self.report(
                        Diagnostic::error(Code::DeferInSpec, item.span, message)
                            .with_help("a spec sees every event when it is sent; use `ignore`"),
                    );
                    self.triggers(&mut handled, events);
                }
                StateItemKind::Defer(events) | StateItemKind::Ignore(events) => {
                    self.triggers(&mut handled, events);
                }
                StateItemKind::OnDo(events, handler) => {
                    self.triggers(&mut handled, events);
                    if let Some(function) = self.at_most_one_parameter(handler, item.span) {
                        self.payloads(events, function);
                    }
                }
                StateItemKind::OnGoto(events, target, handler) => {
                    self.triggers(&mut handled, events);
                    self.transition(events, target, handler.as_ref(), item.span);
                }
            }
        }
    }

    fn only(&mut self, code: Code, what: &str, seen: &mut Option<Span>, span: Span) {
        match *seen {
            None => *seen = Some(span),
            Some(first) => {
                let message = format!("this state has two {what} functions");
                self.report(
                    Diagnostic::error(code, span, message).with_label(first, "the first one"),
                );
            }
        }
    }

    fn triggers(&mut self, handled: &mut HashMap<&'a str, Span>, events: &'a [Name]) {
        let machine = self.symbols.machine(self.id);
        for name in events {
            let Some(event) = self.symbols.event_names.get(&name.text) else {
                let message = format!("there is no event `{}`", name.text);
                self.report(Diagnostic::error(Code::UnknownName, name.span, message));
                continue;
            };
            if let Some(first) = handled.get(&*name.text) {
                let message = format!("this state already handles `{}`", name.text);
                let first = *first;
                self.report(
                    Diagnostic::error(Code::DuplicateHandler, name.span, message)
                        .with_label(first, "here"),
                );
                continue;
            }
            handled.insert(&name.text, name.span);
            if *event == Symbols::NULL_EVENT && machine.is_spec() {
                let message = "a spec machine cannot handle `null`";
                self.report(
                    Diagnostic::error(Code::NullInSpec, name.span, message)
                        .with_help("a spec has no queue that could be empty"),
                );
            } else if machine.is_spec()
                && !self.symbols.types.events(machine.observes).contains(event)
                && !raised::may_raise(self.ast, self.symbols, self.id, &name.text)
            {
                let message = format!(
                    "`{}` does not observe `{}`, so this is never triggered",
                    machine.name.text, name.text
                );
                self.report(
                    Diagnostic::warning(Code::NeverTriggered, name.span, message)
                        .with_help(format!("add `{}` to its `observes`", name.text)),
                );
            }
        }
    }

    /// The function of a handler, if it is one of this machine.
    fn function(&mut self, handler: &Handler) -> Option<FunctionId> {
        let function = self.symbols.handler(self.id, handler);
        let Handler::Named(name) = handler else {
            return function;
        };
        let Some(id) = function else {
            let message = format!("there is no function `{}`", name.text);
            self.report(Diagnostic::error(Code::UnknownName, name.span, message));
            return None;
        };
        let is_foreign = self.ast.function(id).body.is_none();
        if self.symbols.function(id).owner.is_none() || is_foreign {
            let kind = if is_foreign { "foreign" } else { "global" };
            let message = format!("the {kind} function `{}` cannot be a handler", name.text);
            self.report(
                Diagnostic::error(Code::NotOwnFunction, name.span, message)
                    .with_help("write a handler that calls it"),
            );
            return None;
        }
        function
    }

    fn at_most_one_parameter(&mut self, handler: &Handler, span: Span) -> Option<FunctionId> {
        let function = self.function(handler)?;
        let n_parameters = self.ast.function(function).parameters.len();
        if n_parameters > 1 {
            let message =
                format!("a handler has at most one parameter, this one has {n_parameters}");
            self.report(
                Diagnostic::error(Code::HandlerParameters, span, message)
                    .with_help("use one parameter of a tuple type"),
            );
            return None;
        }
        Some(function)
    }

    fn exit(&mut self, handler: &Handler, span: Span) {
        let Some(function) = self.function(handler) else {
            return;
        };
        let n_parameters = self.ast.function(function).parameters.len();
        if n_parameters > 0 {
            let message =
                format!("an exit function has no parameters, this one has {n_parameters}");
            self.report(Diagnostic::error(Code::ExitParameters, span, message));
        }
    }

    fn transition(
        &mut self,
        events: &[Name],
        target: &Name,
        handler: Option<&Handler>,
        span: Span,
    ) {
        if let Some(handler) = handler
            && let Some(function) = self.at_most_one_parameter(handler, span)
        {
            self.payloads(events, function);
        }
        let machine = self.symbols.machine(self.id);
        let Some(place) = machine.state_names.get(&target.text) else {
            let message = format!("`{}` has no state `{}`", machine.name.text, target.text);
            self.report(Diagnostic::error(Code::UnknownName, target.span, message));
            return;
        };
        let state = &self.symbols.machine_syntax(self.ast, self.id).states[*place];
        if let Some(function) = entry_of(self.symbols, self.id, state) {
            self.payloads(events, function);
        }
    }

    /// Checks that the payload of each event fits the parameter of the function.
    fn payloads(&mut self, events: &[Name], function: FunctionId) {
        let [parameter] = self.symbols.function(function).parameters[..] else {
            return;
        };
        let parameter = self.symbols.variable(parameter);
        for name in events {
            let Some(event) = self.symbols.event_names.get(&name.text) else {
                continue;
            };
            let payload = self.symbols.event(*event).payload;
            if !fits(self.symbols, parameter.kind, payload) {
                let got = describe(self.symbols, payload);
                let expected = describe(self.symbols, parameter.kind);
                let message = format!(
                    "`{}` carries {got}, but its handler takes {expected}",
                    name.text
                );
                self.report(
                    Diagnostic::error(Code::TypeMismatch, name.span, message)
                        .with_label(parameter.name.span, "this parameter"),
                );
            }
        }
    }

    fn scenario(&mut self) {
        let machine = self.symbols.machine_syntax(self.ast, self.id);
        if machine.kind != MachineKind::Scenario {
            return;
        }
        let is_cold = |state: &State| state.temperature == Some(Temperature::Cold);
        if !machine.states.iter().any(is_cold) {
            let message = "this scenario has no cold state, so nothing ever satisfies it";
            self.report(
                Diagnostic::warning(Code::ScenarioNeverCold, machine.name.span, message)
                    .with_help("mark its accepting state `cold`"),
            );
        }
        if let Some(start) = machine
            .states
            .iter()
            .find(|state| state.is_start && is_cold(state))
        {
            let message = "a scenario that starts in a cold state is only satisfied on return";
            let diagnostic =
                Diagnostic::warning(Code::ScenarioStartsCold, start.name.span, message);
            self.report(diagnostic);
        }
    }
}

/// The entry function of a state.
pub(super) fn entry_of(symbols: &Symbols, machine: MachineId, state: &State) -> Option<FunctionId> {
    state.items.iter().find_map(|item| match &item.kind {
        StateItemKind::Entry(handler) => symbols.handler(machine, handler),
        _ => None,
    })
}

/// Whether a payload fits a parameter; a tuple of one fits where its element does.
fn fits(symbols: &Symbols, parameter: TypeId, payload: TypeId) -> bool {
    symbols.types.is_assignable(parameter, payload)
        || matches!(symbols.types.kind(payload), Type::Tuple(parts)
            if parts.len() == 1 && symbols.types.is_assignable(parameter, parts[0]))
}

/// A type in a message.
pub(super) fn describe(symbols: &Symbols, id: TypeId) -> String {
    match id {
        TypeTable::NULL => "no value".to_owned(),
        TypeTable::ERROR => "something unknown".to_owned(),
        id => format!("`{}`", symbols.types.display(id, symbols)),
    }
}
