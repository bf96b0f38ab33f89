//! The bodies of functions: names in scope, and the types that statements need.
//!
//! Source: reference compiler, StatementVisitor and ControlFlowChecker; p-language 2.6.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::effects::{Effect, Effects};
use super::questions::Scope;
use super::{Checked, Resolution};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    Ast, Declaration, ExprId, ExpressionKind, Foreach, FunctionId, Name, Statement, StatementKind,
};
use crate::types::resolve::{MAX_SUGGESTIONS, Resolver};
use crate::types::suggestion::nearest;
use crate::types::{MachineId, Symbols, Type, TypeId, TypeTable, VariableId, VariableRole};

/// Types the bodies of all functions and gathers their effects.
pub(super) fn check(
    ast: &Ast,
    checked: &mut Checked,
    diagnostics: &mut Vec<Diagnostic>,
) -> Effects {
    let mut types = vec![TypeTable::ERROR; ast.n_expressions()];
    let mut resolutions = vec![None; ast.n_expressions()];
    let mut bound = HashMap::new();
    let claims: HashSet<FunctionId> = ast.claims().collect();
    let mut effects = Effects::new(ast.functions().count());
    for id in functions(ast, &checked.symbols) {
        let mut body = Body {
            ast,
            resolver: Resolver {
                symbols: &mut checked.symbols,
                diagnostics,
            },
            types: &mut types,
            resolutions: &mut resolutions,
            effects: &mut effects,
            function: id,
            unknown: HashSet::new(),
            bound: &mut bound,
            scopes: Vec::new(),
            in_claim: ast.function(id).is_pure || claims.contains(&id),
            n_loops: 0,
        };
        body.check();
    }
    checked.bound = bound;
    assumptions(ast, checked, &mut types, &mut resolutions);
    checked.types = types;
    checked.resolutions = resolutions;
    effects
}

/// The functions that are not cases of a receive: those are checked where they stand.
fn functions(ast: &Ast, symbols: &Symbols) -> Vec<FunctionId> {
    let mut cases = vec![true; symbols.functions.len()];
    for declaration in &ast.declarations {
        match declaration {
            Declaration::Function(id) => cases[id.index()] = false,
            Declaration::Machine(machine) => {
                for id in &machine.functions {
                    cases[id.index()] = false;
                }
            }
            _ => {}
        }
    }
    for claim in ast.claims() {
        cases[claim.index()] = false;
    }
    ast.functions()
        .map(|(id, _)| id)
        .filter(|id| !cases[id.index()] || symbols.function(*id).owner.is_some())
        .collect()
}

/// A test's assumption speaks of params, literals and operators only; it is evaluated,
/// not run, and what it says wrong is reported there.
fn assumptions(
    ast: &Ast,
    checked: &mut Checked,
    types: &mut [TypeId],
    resolutions: &mut [Option<Resolution>],
) {
    for declaration in &ast.declarations {
        let Declaration::Test(test) = declaration else {
            continue;
        };
        let Some(assumption) = test.assumption else {
            continue;
        };
        for part in ast.parts(assumption) {
            if let ExpressionKind::Name(name) = &ast.expression(part).kind
                && let Some(variable) = checked.symbols.parameter_names.get(name)
            {
                types[part.index()] = checked.symbols.variable(*variable).kind;
                resolutions[part.index()] = Some(Resolution::Variable(*variable));
            }
        }
    }
}

/// A function and those around it: a case of a receive stands in another function.
pub(super) fn enclosing(symbols: &Symbols, function: FunctionId) -> Vec<FunctionId> {
    let parent = |id: &FunctionId| symbols.function(*id).parent;
    std::iter::successors(Some(function), parent).collect()
}

/// The body that is being checked.
pub(super) struct Body<'a> {
    pub(super) ast: &'a Ast,
    pub(super) resolver: Resolver<'a>,
    pub(super) types: &'a mut [TypeId],
    pub(super) resolutions: &'a mut [Option<Resolution>],
    pub(super) effects: &'a mut Effects,
    pub(super) function: FunctionId,
    /// The variables that have been reported as missing.
    pub(super) unknown: HashSet<Arc<str>>,
    /// The variables of each quantifier.
    pub(super) bound: &'a mut HashMap<ExprId, Vec<VariableId>>,
    /// The quantifiers of the expression at hand.
    pub(super) scopes: Vec<Scope>,
    /// Whether this is said to the verifier, and no machine runs it.
    pub(super) in_claim: bool,
    n_loops: usize,
}

impl Body<'_> {
    fn check(&mut self) {
        let ast = self.ast;
        let function = ast.function(self.function);
        if let Some(name) = &function.creates
            && !self
                .resolver
                .symbols
                .interface_names
                .contains_key(&name.text)
        {
            self.resolver.unknown("machine or interface", name);
        }
        for statement in function.body.iter().flat_map(|body| &body.statements) {
            self.statement(statement);
        }
        for condition in &function.contract {
            self.claim(*condition);
        }
    }

    pub(super) fn machine(&self) -> Option<MachineId> {
        self.resolver.symbols.function(self.function).owner
    }

    /// What a name means here: a variable, an element, an event, or a spec.
    pub(super) fn lookup(&self, id: ExprId, name: &str) -> Option<Resolution> {
        if let Some(variable) = self.bound_variable(id, name) {
            return Some(Resolution::Variable(variable));
        }
        let symbols = &*self.resolver.symbols;
        let local = enclosing(symbols, self.function)
            .into_iter()
            .find_map(|function| symbols.function(function).names.get(name).copied());
        let field = || {
            self.machine()
                .and_then(|id| symbols.machine(id).field_names.get(name).copied())
        };
        let variable = local
            .or_else(field)
            .or_else(|| symbols.parameter_names.get(name).copied());
        if let Some(variable) = variable {
            return Some(Resolution::Variable(variable));
        }
        if let Some(element) = symbols.element_names.get(name) {
            return Some(Resolution::Element(*element));
        }
        if let Some(event) = symbols.event_names.get(name) {
            return Some(Resolution::Event(*event));
        }
        let machine = symbols.machine_names.get(name)?;
        symbols
            .machine(*machine)
            .is_spec()
            .then_some(Resolution::Spec(*machine))
    }

    /// A variable, element or event whose name is close to this one.
    pub(super) fn near_variable(&self, name: &str) -> Option<String> {
        if self.resolver.diagnostics.len() >= MAX_SUGGESTIONS {
            return None;
        }
        let symbols = &*self.resolver.symbols;
        let locals = enclosing(symbols, self.function)
            .into_iter()
            .flat_map(|function| symbols.function(function).names.keys());
        let fields = self
            .machine()
            .into_iter()
            .flat_map(|machine| symbols.machine(machine).field_names.keys());
        let names = locals
            .chain(fields)
            .chain(symbols.parameter_names.keys())
            .chain(symbols.element_names.keys())
            .chain(symbols.event_names.keys());
        nearest(name, names.map(|name| &**name)).map(str::to_owned)
    }

    /// A function whose name is close to this one.
    pub(super) fn near_function(&self, name: &str) -> Option<String> {
        if self.resolver.diagnostics.len() >= MAX_SUGGESTIONS {
            return None;
        }
        let symbols = &*self.resolver.symbols;
        let own = self
            .machine()
            .into_iter()
            .flat_map(|machine| symbols.machine(machine).function_names.keys());
        let names = own.chain(symbols.function_names.keys());
        nearest(name, names.map(|name| &**name)).map(str::to_owned)
    }

    /// Recursion is bounded by the nesting that the parser allows.
    fn statement(&mut self, statement: &Statement) {
        use StatementKind as K;
        let span = statement.span;
        match &statement.kind {
            K::Block(statements) => {
                for statement in statements {
                    self.statement(statement);
                }
            }
            K::Assert(condition, message) | K::Assume(condition, message) => {
                self.exactly(TypeTable::BOOL, *condition);
                if let Some(message) = message {
                    self.exactly(TypeTable::STRING, *message);
                }
            }
            K::Print(message) => {
                self.exactly(TypeTable::STRING, *message);
                if self.type_of(*message) != TypeTable::STRING
                    && let Some(last) = self.resolver.diagnostics.last_mut()
                    && last.code == Code::TypeMismatch
                {
                    last.help = Some("write `print format(\"{0}\", value);`".to_owned());
                }
            }
            K::Return(value) => self.return_statement(span, *value),
            K::Break | K::Continue => {
                // `break` can also leave a receive (D47).
                let is_break = matches!(statement.kind, K::Break);
                let info = self.resolver.symbols.function(self.function);
                if self.n_loops == 0 && !(is_break && info.parent.is_some()) {
                    let word = if is_break { "break" } else { "continue" };
                    let message = format!("`{word}` stands outside a loop");
                    self.error(Code::OutsideLoop, span, message);
                }
            }
            K::Assign(target, value) => {
                self.target(*target);
                self.expression(*value);
                self.must_fit(self.type_of(*target), *value);
            }
            K::Insert(target, key, value) => self.insert(*target, *key, *value),
            K::Add(target, value) => {
                self.target(*target);
                self.expression(*value);
                match *self.resolver.symbols.types.kind(self.type_of(*target)) {
                    Type::Error => {}
                    Type::Set(element) => drop(self.must_fit(element, *value)),
                    _ => {
                        self.mismatch(*target, "a set");
                        self.hint("a seq or map takes a position or key and a value: `+= (k, v)`");
                    }
                }
            }
            K::Remove(target, value) => {
                self.target(*target);
                self.expression(*value);
                match *self.resolver.symbols.types.kind(self.type_of(*target)) {
                    Type::Error => {}
                    Type::Sequence(_) => drop(self.must_fit(TypeTable::INT, *value)),
                    Type::Set(element) => drop(self.must_fit(element, *value)),
                    Type::Map(key, _) => drop(self.must_fit(key, *value)),
                    _ => drop(self.mismatch(*target, "a seq, set or map")),
                }
            }
            K::While(condition, body) => {
                self.exactly(TypeTable::BOOL, *condition);
                self.loop_body(body);
            }
            K::Foreach(foreach) => self.foreach(foreach),
            K::If(branches, otherwise) => {
                for branch in branches {
                    self.exactly(TypeTable::BOOL, branch.condition);
                    self.statement(&branch.body);
                }
                if let Some(otherwise) = otherwise {
                    self.statement(otherwise);
                }
            }
            K::Evaluate(call) => drop(self.expression(*call)),
            K::Raise(event, arguments) => {
                if self.result() != TypeTable::NULL {
                    let message = "a function with a result cannot raise an event".to_owned();
                    self.error(Code::RaiseWithResult, span, message);
                }
                self.effect(Effect::Raise, span);
                self.emission(span, *event, arguments, "raised");
            }
            K::Send(target, event, arguments) => {
                self.expression(*target);
                self.must_fit(TypeTable::MACHINE, *target);
                self.effect(Effect::Send, span);
                self.emission(span, *event, arguments, "sent");
            }
            K::Announce(event, arguments) => {
                self.effect(Effect::Send, span);
                self.emission(span, *event, arguments, "announced");
            }
            K::Goto(state, arguments) => self.goto(span, state, arguments),
            K::Receive(cases) => self.receive(span, cases),
        }
    }

    fn hint(&mut self, help: &str) {
        if let Some(last) = self.resolver.diagnostics.last_mut() {
            last.help = Some(help.to_owned());
        }
    }

    /// An operand of exactly that type: neither more nor less general.
    fn exactly(&mut self, expected: TypeId, id: ExprId) {
        let got = self.expression(id);
        if !self.resolver.symbols.types.is_same(expected, got) {
            let expected = self.describe(expected);
            self.mismatch(id, &expected);
        }
    }

    /// A condition for the verifier.
    fn claim(&mut self, condition: ExprId) {
        let outer = std::mem::replace(&mut self.in_claim, true);
        self.exactly(TypeTable::BOOL, condition);
        self.in_claim = outer;
    }

    fn result(&self) -> TypeId {
        let all = enclosing(self.resolver.symbols, self.function);
        all.last().map_or(TypeTable::NULL, |id| {
            self.resolver.symbols.function(*id).result
        })
    }

    fn return_statement(&mut self, span: Span, value: Option<ExprId>) {
        let info = self.resolver.symbols.function(self.function);
        let (result, is_case) = (info.result, info.parent.is_some());
        let got = value.map_or(TypeTable::NULL, |value| self.expression(value));
        if self.is_assignable(result, got) {
            return;
        }
        let message = format!(
            "expected {}, found {}",
            self.describe(result),
            self.describe(got)
        );
        let span = value.map_or(span, |value| self.span(value));
        self.error(Code::TypeMismatch, span, message);
        if is_case {
            self.hint("a case of a receive has no result: keep the value in a variable");
        } else if result == TypeTable::NULL {
            self.hint("declare the type of the result: `fun f(..): T`");
        }
    }

    /// The left side of an assignment: a variable, and a way into its value.
    fn target(&mut self, id: ExprId) {
        let ast = self.ast;
        self.expression(id);
        let mut base = id;
        loop {
            match &ast.expression(base).kind {
                ExpressionKind::Field(inner, _) | ExpressionKind::Position(inner, _) => {
                    base = *inner;
                }
                ExpressionKind::Index(inner, _) => {
                    let kind = self.resolver.symbols.types.kind(self.type_of(*inner));
                    if matches!(kind, Type::Set(_)) {
                        let message = "the elements of a set cannot be assigned to".to_owned();
                        let kind = self.error(Code::NotAssignable, self.span(base), message);
                        self.types[id.index()] = kind;
                        self.hint("remove the old element with `-=` and add the new one with `+=`");
                    }
                    base = *inner;
                }
                _ => break,
            }
        }
        match self.resolutions[base.index()] {
            Some(Resolution::Variable(variable)) => {
                let variable = self.resolver.symbols.variable(variable);
                if variable.role == VariableRole::Global {
                    let message = format!(
                        "the global param `{}` cannot be changed",
                        variable.name.text
                    );
                    self.error(Code::ModifiedParameter, self.span(base), message);
                }
            }
            Some(_) => {
                let message = "only variables can be assigned to".to_owned();
                self.types[id.index()] = self.error(Code::NotAssignable, self.span(base), message);
            }
            None => {}
        }
    }

    fn insert(&mut self, target: ExprId, key: ExprId, value: ExprId) {
        self.target(target);
        self.expression(key);
        self.expression(value);
        let (keys, values) = match *self.resolver.symbols.types.kind(self.type_of(target)) {
            Type::Error => return,
            Type::Sequence(element) => (TypeTable::INT, element),
            Type::Map(key, value) => (key, value),
            _ => {
                self.mismatch(target, "a seq or map");
                return;
            }
        };
        self.must_fit(keys, key);
        self.must_fit(values, value);
    }

    fn loop_body(&mut self, body: &Statement) {
        self.n_loops += 1;
        self.statement(body);
        self.n_loops -= 1;
    }

    fn foreach(&mut self, foreach: &Foreach) {
        self.target(foreach.variable);
        self.expression(foreach.collection);
        let element = match *self
            .resolver
            .symbols
            .types
            .kind(self.type_of(foreach.collection))
        {
            Type::Error => TypeTable::ERROR,
            Type::Sequence(element) | Type::Set(element) => element,
            Type::Map(..) => {
                let kind = self.mismatch(foreach.collection, "a seq or set");
                self.hint("iterate over `keys(..)` or `values(..)` of the map");
                kind
            }
            _ => self.mismatch(foreach.collection, "a seq or set"),
        };
        let variable = self.type_of(foreach.variable);
        if !self.resolver.symbols.types.is_same(element, variable) {
            let expected = self.describe(element);
            self.mismatch(foreach.variable, &expected);
        }
        for invariant in &foreach.invariants {
            self.claim(*invariant);
        }
        self.loop_body(&foreach.body);
    }

    /// What `send`, `raise` and `announce` have in common: an event and its payload.
    fn emission(&mut self, span: Span, event: ExprId, arguments: &[ExprId], how: &str) {
        let kind = self.expression(event);
        for argument in arguments {
            self.expression(*argument);
        }
        let named = match self.resolutions[event.index()] {
            Some(Resolution::Event(event)) => Some(event),
            _ => None,
        };
        let is_null = matches!(self.ast.expression(event).kind, ExpressionKind::Null);
        if is_null || named == Some(Symbols::NULL_EVENT) {
            let message = format!("the null event cannot be {how}");
            self.error(Code::NullEvent, self.span(event), message);
        } else if kind != TypeTable::ERROR {
            self.must_fit(TypeTable::EVENT, event);
        }
        if let Some(id) = named {
            let event = self.resolver.symbols.event(id);
            let (name, payload) = (event.name.clone(), event.payload);
            self.payload(span, &name, payload, arguments);
        }
    }

    fn goto(&mut self, span: Span, state: &Name, arguments: &[ExprId]) {
        for argument in arguments {
            self.expression(*argument);
        }
        if self.result() != TypeTable::NULL {
            let message = "a function with a result cannot go to a state".to_owned();
            self.error(Code::GotoWithResult, span, message);
        }
        self.effect(Effect::Goto, span);
        let Some(machine) = self.machine() else {
            let message = "a global function has no states to go to".to_owned();
            self.error(Code::UnknownName, state.span, message);
            self.hint("move the function into the machine");
            return;
        };
        let symbols = &*self.resolver.symbols;
        let Some(place) = symbols
            .machine(machine)
            .state_names
            .get(&state.text)
            .copied()
        else {
            let machine = &symbols.machine(machine).name.text;
            let message = format!("`{machine}` has no state `{}`", state.text);
            self.error(Code::UnknownName, state.span, message);
            return;
        };
        let target = &symbols.machine_syntax(self.ast, machine).states[place];
        let entry = super::machines::entry_of(symbols, machine, target);
        let parameters = entry.map_or(&[][..], |entry| &symbols.function(entry).parameters);
        match (parameters, arguments) {
            ([parameter], [argument]) => {
                let expected = symbols.variable(*parameter).kind;
                self.must_fit(expected, *argument);
            }
            _ if parameters.len() == arguments.len() => {}
            _ => {
                let n_parameters = parameters.len();
                self.argument_count(span, &state.text, n_parameters, arguments.len());
            }
        }
    }

    fn receive(&mut self, span: Span, cases: &[(Vec<Name>, FunctionId)]) {
        self.effect(Effect::Receive, span);
        let (outer, owner) = (self.function, self.machine());
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for (events, case) in cases {
            self.resolver.function(self.ast, *case, owner, Some(outer));
            let parameters = self.resolver.symbols.function(*case).parameters.clone();
            for name in events {
                let Some(event) = self.resolver.event(name) else {
                    continue;
                };
                if let Some(first) = seen.insert(&name.text, name.span) {
                    let message = format!("this receive already handles `{}`", name.text);
                    self.resolver.diagnostics.push(
                        Diagnostic::error(Code::DuplicateCase, name.span, message)
                            .with_label(first, "here"),
                    );
                }
                let payload = self.resolver.symbols.event(event).payload;
                let expected = parameters.first().map_or(TypeTable::NULL, |id| {
                    self.resolver.symbols.variable(*id).kind
                });
                if !self.is_assignable(expected, payload) {
                    let (payload, expected) = (self.describe(payload), self.describe(expected));
                    let message = format!(
                        "`{}` carries {payload}, but its case takes {expected}",
                        name.text
                    );
                    self.error(Code::TypeMismatch, name.span, message);
                    if parameters.is_empty() {
                        self.hint("give the case a parameter: `case E: (x: T) { .. }`");
                    }
                }
            }
            self.function = *case;
            self.check();
            self.function = outer;
        }
    }
}
