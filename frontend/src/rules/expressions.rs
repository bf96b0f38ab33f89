//! The types of expressions.
//!
//! The parts of an expression stand in a list, operands first, so typing one is a loop.
//! A part whose operand is wrong already has the type `Error` and is not looked at.
//!
//! Source: reference compiler, ExprVisitor; p-language 2.5.

use super::bodies::Body;
use super::effects::Effect;
use super::format::{FormatError, Part, format_parts};
use super::machines::describe;
use super::{Resolution, bodies};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{BinaryOperator, ExprId, ExpressionKind, Name, UnaryOperator};
use crate::types::{Symbols, Type, TypeId, TypeTable};

/// `choose(n)` draws one of at most this many numbers.
const MAX_CHOICE: i32 = 10_000;

impl Body<'_> {
    /// The type of an expression, whose parts are typed on the way.
    pub(super) fn expression(&mut self, id: ExprId) -> TypeId {
        self.open_scopes(id);
        for part in self.ast.parts(id) {
            self.types[part.index()] = self.part(part);
        }
        self.scopes.clear();
        self.types[id.index()]
    }

    pub(super) fn type_of(&self, id: ExprId) -> TypeId {
        self.types[id.index()]
    }

    pub(super) fn span(&self, id: ExprId) -> Span {
        self.ast.expression(id).span
    }

    pub(super) fn describe(&self, id: TypeId) -> String {
        describe(self.resolver.symbols, id)
    }

    pub(super) fn error(&mut self, code: Code, span: Span, message: String) -> TypeId {
        self.resolver
            .diagnostics
            .push(Diagnostic::error(code, span, message));
        TypeTable::ERROR
    }

    pub(super) fn is_assignable(&self, to: TypeId, from: TypeId) -> bool {
        self.resolver.symbols.types.is_assignable(to, from)
    }

    /// Reports an operand that does not fit; tells whether it does.
    pub(super) fn must_fit(&mut self, expected: TypeId, id: ExprId) -> bool {
        let got = self.type_of(id);
        let fits = self.is_assignable(expected, got);
        if !fits {
            let expected = self.describe(expected);
            self.mismatch(id, &expected);
        }
        fits
    }

    /// Reports an operand of which something else was expected.
    pub(super) fn mismatch(&mut self, id: ExprId, expected: &str) -> TypeId {
        let got = self.describe(self.type_of(id));
        let message = format!("expected {expected}, found {got}");
        self.error(Code::TypeMismatch, self.span(id), message)
    }

    pub(super) fn kind(&self, id: ExprId) -> &Type {
        self.resolver.symbols.types.kind(self.type_of(id))
    }

    fn part(&mut self, id: ExprId) -> TypeId {
        use ExpressionKind as K;
        let ast = self.ast;
        let expression = ast.expression(id);
        let span = expression.span;
        let is_wrong = |operand: &ExprId| self.types[operand.index()] == TypeTable::ERROR;
        match &expression.kind {
            // These look at their operands even if one is wrong.
            K::New(interface, arguments) => return self.new_machine(id, interface, arguments),
            K::Call(function, arguments) => return self.call(id, function, arguments),
            K::Tuple(_) | K::NamedTuple(_) | K::Cast(..) | K::Convert(..) | K::Format(..) => {}
            _ if expression.operands().iter().any(is_wrong) => return TypeTable::ERROR,
            _ => {}
        }
        match &expression.kind {
            K::Int(_) => TypeTable::INT,
            K::Float(_) | K::FloatParts => TypeTable::FLOAT,
            K::Bool(_) => TypeTable::BOOL,
            K::Null => TypeTable::NULL,
            K::Halt => {
                self.resolutions[id.index()] = Some(Resolution::Event(Symbols::HALT_EVENT));
                TypeTable::EVENT
            }
            K::Choice { .. } => {
                self.effect(Effect::Choose, span);
                TypeTable::BOOL
            }
            K::This => self.this(span),
            K::Format(text, arguments) => self.format(span, text, arguments),
            K::Name(name) => self.name(
                id,
                &Name {
                    text: name.clone(),
                    span,
                },
            ),
            K::Tuple(elements) => {
                let parts: Vec<TypeId> = elements.iter().map(|part| self.type_of(*part)).collect();
                self.resolver.intern(Type::Tuple(parts), span)
            }
            K::NamedTuple(fields) => {
                if !self.resolver.distinct(fields.iter().map(|(name, _)| name)) {
                    return TypeTable::ERROR;
                }
                let typed =
                    |(name, value): &(Name, ExprId)| (name.text.clone(), self.types[value.index()]);
                let fields = fields.iter().map(typed).collect();
                self.resolver.intern(Type::NamedTuple(fields), span)
            }
            K::Field(operand, field) => self.field(id, *operand, field),
            K::Position(operand, position) => self.position(span, *operand, *position),
            K::Index(collection, index) => self.index(*collection, *index),
            K::Keys(operand) | K::Values(operand) => match *self.kind(*operand) {
                Type::Map(key, value) => {
                    let is_keys = matches!(expression.kind, K::Keys(_));
                    let element = if is_keys { key } else { value };
                    self.resolver.intern(Type::Sequence(element), span)
                }
                _ => self.mismatch(*operand, "a map"),
            },
            K::Sizeof(operand) => match self.kind(*operand) {
                Type::Sequence(_) | Type::Set(_) | Type::Map(..) => TypeTable::INT,
                _ => self.mismatch(*operand, "a seq, set or map"),
            },
            K::Default(written) => self.resolver.type_expression(written),
            K::Choose(operand) => self.choose(span, *operand),
            K::Unary(operator, operand) => self.unary(*operator, *operand),
            K::Binary(operator, left, right) => self.binary(span, *operator, *left, *right),
            K::Cast(operand, written) => {
                let to = self.resolver.type_expression(written);
                let from = self.type_of(*operand);
                if self.resolver.symbols.types.is_comparable(to, from) {
                    to
                } else {
                    self.incomparable(span, from, to, "is never a value of")
                }
            }
            K::Convert(operand, written) => {
                let to = self.resolver.type_expression(written);
                self.convert(span, *operand, to)
            }
            K::KindTest(operand, name) => self.kind_test(id, *operand, name),
            K::Inflight(operand) | K::Sent(operand) => self.message_test(*operand),
            K::Quantified(_, operand) => {
                if self.must_fit(TypeTable::BOOL, *operand) {
                    TypeTable::BOOL
                } else {
                    TypeTable::ERROR
                }
            }
            K::Call(..) | K::New(..) => unreachable!("calls are typed above"),
        }
    }

    fn this(&mut self, span: Span) -> TypeId {
        let Some(machine) = self.machine() else {
            let message = "`this` needs a machine, but this function is global".to_owned();
            return self.error(Code::MisplacedThis, span, message);
        };
        let machine = self.resolver.symbols.machine(machine);
        if machine.is_spec() {
            let message = "a spec machine is not a machine that `this` could refer to".to_owned();
            return self.error(Code::EffectInSpec, span, message);
        }
        let kind = Type::Reference(machine.name.text.clone(), machine.receives);
        self.resolver.intern(kind, span)
    }

    fn name(&mut self, id: ExprId, name: &Name) -> TypeId {
        let found = self.lookup(id, &name.text);
        self.resolutions[id.index()] = found;
        let symbols = &self.resolver.symbols;
        match found {
            Some(Resolution::Variable(variable)) => symbols.variable(variable).kind,
            Some(Resolution::Element(element)) => {
                let kind = Type::Enumeration(symbols.element(element).enumeration);
                self.resolver.intern(kind, name.span)
            }
            Some(Resolution::Event(_)) => TypeTable::EVENT,
            Some(Resolution::Spec(_)) => TypeTable::MACHINE,
            // One name that is missing is told once in a function.
            _ if !self.unknown.insert(name.text.clone()) => TypeTable::ERROR,
            _ => {
                let machine = self.machine();
                let help = if symbols.lookup_function(machine, &name.text).is_some() {
                    Some(format!("to call the function, write `{}(..)`", name.text))
                } else if symbols.interface_names.contains_key(&name.text) {
                    Some(format!(
                        "to create a machine, write `new {}(..)`",
                        name.text
                    ))
                } else {
                    self.near_variable(&name.text)
                        .map(|near| format!("is `{near}` meant?"))
                };
                let message = format!("there is no variable `{}`", name.text);
                let mut diagnostic = Diagnostic::error(Code::UnknownName, name.span, message);
                diagnostic.help = help;
                self.resolver.diagnostics.push(diagnostic);
                TypeTable::ERROR
            }
        }
    }

    fn new_machine(&mut self, id: ExprId, name: &Name, arguments: &[ExprId]) -> TypeId {
        let span = self.span(id);
        let symbols = &self.resolver.symbols;
        let Some(interface) = symbols.interface_names.get(&name.text).copied() else {
            let is_spec = symbols.machine_names.contains_key(&name.text);
            self.resolver.unknown("machine or interface", name);
            if is_spec && let Some(last) = self.resolver.diagnostics.last_mut() {
                last.help = Some("a spec is not created; attach it with `assert` in a test".into());
            }
            return TypeTable::ERROR;
        };
        let (payload, receives) = {
            let interface = symbols.interface(interface);
            (interface.payload, interface.receives)
        };
        self.effect(Effect::Create, span);
        self.resolutions[id.index()] = Some(Resolution::Interface(interface));
        self.payload(span, &name.text, payload, arguments);
        self.resolver
            .intern(Type::Reference(name.text.clone(), receives), span)
    }

    /// Checks the arguments of `new`, `send`, `raise` and `announce` against a payload.
    pub(super) fn payload(
        &mut self,
        span: Span,
        name: &str,
        payload: TypeId,
        arguments: &[ExprId],
    ) {
        if payload == TypeTable::ERROR {
            return;
        }
        let expected = self.describe(payload);
        match arguments {
            [] if self.is_assignable(payload, TypeTable::NULL)
                && self.is_assignable(TypeTable::NULL, payload) => {}
            [] => {
                let message = format!("`{name}` needs a value of type {expected}");
                self.error(Code::TypeMismatch, span, message);
            }
            [argument] => {
                let got = self.type_of(*argument);
                if !self.is_assignable(payload, got) {
                    let message =
                        format!("`{name}` takes {expected}, found {}", self.describe(got));
                    self.error(Code::TypeMismatch, self.span(*argument), message);
                }
            }
            many => {
                let parts = match self.resolver.symbols.types.kind(payload) {
                    Type::Tuple(parts) => parts.clone(),
                    _ => vec![payload],
                };
                if parts.len() == many.len() {
                    for (part, argument) in parts.iter().zip(many) {
                        self.must_fit(*part, *argument);
                    }
                } else {
                    self.argument_count(span, name, parts.len(), many.len());
                }
            }
        }
    }

    pub(super) fn argument_count(&mut self, span: Span, name: &str, expected: usize, got: usize) {
        let noun = if expected == 1 {
            "argument"
        } else {
            "arguments"
        };
        let message = format!("`{name}` takes {expected} {noun}, found {got}");
        self.error(Code::ArgumentCount, span, message);
    }

    fn call(&mut self, id: ExprId, name: &Name, arguments: &[ExprId]) -> TypeId {
        let machine = self.machine();
        let Some(function) = self.resolver.symbols.lookup_function(machine, &name.text) else {
            let near = self.near_function(&name.text);
            self.resolver.unknown_but("function", name, near);
            return TypeTable::ERROR;
        };
        self.resolutions[id.index()] = Some(Resolution::Function(function));
        self.calls(function, self.span(id));
        let parameters = self.resolver.symbols.function(function).parameters.clone();
        let result = self.resolver.symbols.function(function).result;
        if parameters.len() == arguments.len() {
            for (parameter, argument) in parameters.iter().zip(arguments) {
                let expected = self.resolver.symbols.variable(*parameter).kind;
                self.must_fit(expected, *argument);
            }
        } else {
            self.argument_count(self.span(id), &name.text, parameters.len(), arguments.len());
        }
        result
    }

    fn format(&mut self, span: Span, text: &str, arguments: &[ExprId]) -> TypeId {
        match format_parts(text) {
            Ok(parts) => {
                let number = |part: &Part| match part {
                    Part::Argument(number) => *number as usize + 1,
                    Part::Text(_) => 0,
                };
                let expected = parts.iter().map(number).max().unwrap_or(0);
                if expected != arguments.len() {
                    self.argument_count(span, "format", expected, arguments.len());
                }
            }
            Err(error) => {
                let what = match error {
                    FormatError::Open => "`{` in a string needs a number and `}` behind it",
                    FormatError::Close => "`}` in a string stands alone",
                };
                self.resolver.diagnostics.push(
                    Diagnostic::error(Code::BadFormat, span, what)
                        .with_help("write `{{` and `}}` for the characters themselves"),
                );
            }
        }
        TypeTable::STRING
    }

    fn field(&mut self, id: ExprId, operand: ExprId, field: &Name) -> TypeId {
        let Type::NamedTuple(fields) = self.kind(operand) else {
            return self.question_field(id, operand, field);
        };
        if let Some((_, kind)) = fields.iter().find(|(name, _)| *name == field.text) {
            return *kind;
        }
        let names: Vec<String> = fields.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = format!("there is no field `{}`", field.text);
        self.resolver.diagnostics.push(
            Diagnostic::error(Code::NoSuchField, field.span, message)
                .with_help(format!("the fields are {}", names.join(", "))),
        );
        TypeTable::ERROR
    }

    fn position(&mut self, span: Span, operand: ExprId, position: u32) -> TypeId {
        let Type::Tuple(parts) = self.kind(operand) else {
            return self.mismatch(operand, "a tuple");
        };
        match parts.get(position as usize) {
            Some(part) => *part,
            None => {
                let message = format!(
                    "there is no position {position} in a tuple of {}, which counts from 0",
                    parts.len()
                );
                self.error(Code::NoSuchPosition, span, message)
            }
        }
    }

    fn index(&mut self, collection: ExprId, index: ExprId) -> TypeId {
        let (key, element) = match *self.kind(collection) {
            Type::Sequence(element) | Type::Set(element) => (TypeTable::INT, element),
            Type::Map(key, value) => (key, value),
            _ => return self.mismatch(collection, "a seq, set or map"),
        };
        if self.must_fit(key, index) {
            element
        } else {
            TypeTable::ERROR
        }
    }

    fn choose(&mut self, span: Span, operand: Option<ExprId>) -> TypeId {
        self.effect(Effect::Choose, span);
        let Some(operand) = operand else {
            return TypeTable::BOOL;
        };
        match *self.kind(operand) {
            Type::Sequence(element) | Type::Set(element) => element,
            Type::Map(key, _) => key,
            Type::Int => match self.ast.expression(operand).kind {
                ExpressionKind::Int(number)
                    if number > MAX_CHOICE && !self.ast.unbounded_choices =>
                {
                    let message = format!("`choose` chooses from at most {MAX_CHOICE} values");
                    self.error(Code::BadChoose, self.span(operand), message)
                }
                _ => TypeTable::INT,
            },
            _ => {
                let got = self.describe(self.type_of(operand));
                let message = format!("`choose` chooses from an int, seq, set or map, not {got}");
                self.error(Code::BadChoose, self.span(operand), message)
            }
        }
    }

    fn unary(&mut self, operator: UnaryOperator, operand: ExprId) -> TypeId {
        match (operator, self.type_of(operand)) {
            (UnaryOperator::Negate, kind @ (TypeTable::INT | TypeTable::FLOAT)) => kind,
            (UnaryOperator::Not, TypeTable::BOOL) => TypeTable::BOOL,
            (UnaryOperator::Negate, _) => self.mismatch(operand, "`int` or `float`"),
            (UnaryOperator::Not, _) => self.mismatch(operand, "`bool`"),
        }
    }

    fn incomparable(&mut self, span: Span, left: TypeId, right: TypeId, how: &str) -> TypeId {
        let describe = |kind| match kind {
            TypeTable::NULL => "`null`".to_owned(),
            kind => self.describe(kind),
        };
        let message = format!("{} {how} {}", describe(left), describe(right));
        self.error(Code::IncomparableTypes, span, message)
    }

    fn binary(
        &mut self,
        span: Span,
        operator: BinaryOperator,
        left: ExprId,
        right: ExprId,
    ) -> TypeId {
        use BinaryOperator as B;
        let kinds = (self.type_of(left), self.type_of(right));
        let is_number = |kind| matches!(kind, TypeTable::INT | TypeTable::FLOAT);
        let is_same = kinds.0 == kinds.1;
        match operator {
            B::Add
            | B::Less
            | B::Greater
            | B::AtMost
            | B::AtLeast
            | B::Subtract
            | B::Multiply
            | B::Divide
            | B::Remainder => {
                // P's checker lets strings pass `-`, `*` and `/`, which then do not compile.
                let on_strings = matches!(
                    operator,
                    B::Add | B::Less | B::Greater | B::AtMost | B::AtLeast
                );
                let result = match operator {
                    B::Less | B::Greater | B::AtMost | B::AtLeast => TypeTable::BOOL,
                    _ => kinds.0,
                };
                if is_same && (is_number(kinds.0) || on_strings && kinds.0 == TypeTable::STRING) {
                    return result;
                }
                let strings = if on_strings { ", or both `string`" } else { "" };
                let (left, right) = (self.describe(kinds.0), self.describe(kinds.1));
                let message = format!(
                    "this operator needs both sides `int` or both `float`{strings}; \
                     found {left} and {right}"
                );
                let mut diagnostic = Diagnostic::error(Code::OperandTypes, span, message);
                if is_number(kinds.0) && is_number(kinds.1) {
                    diagnostic =
                        diagnostic.with_help("convert one side with `to float` or `to int`");
                }
                self.resolver.diagnostics.push(diagnostic);
                TypeTable::ERROR
            }
            B::In => {
                let element = match *self.kind(right) {
                    Type::Sequence(element) | Type::Set(element) => element,
                    Type::Map(key, _) => key,
                    _ => return self.mismatch(right, "a seq, set or map"),
                };
                if self.must_fit(element, left) {
                    TypeTable::BOOL
                } else {
                    TypeTable::ERROR
                }
            }
            B::Equal | B::Unequal => {
                if self.resolver.symbols.types.is_comparable(kinds.0, kinds.1) {
                    TypeTable::BOOL
                } else {
                    self.incomparable(span, kinds.0, kinds.1, "can never be equal to")
                }
            }
            B::And | B::Or | B::Implies | B::Iff => {
                let left = self.must_fit(TypeTable::BOOL, left);
                let right = self.must_fit(TypeTable::BOOL, right);
                if left && right {
                    TypeTable::BOOL
                } else {
                    TypeTable::ERROR
                }
            }
            B::Targets => self.targets(left, right),
        }
    }

    fn convert(&mut self, span: Span, operand: ExprId, to: TypeId) -> TypeId {
        let from = self.type_of(operand);
        if from == TypeTable::ERROR || to == TypeTable::ERROR {
            return TypeTable::ERROR;
        }
        let types = &self.resolver.symbols.types;
        let allowed = match (types.kind(from), types.kind(to)) {
            (Type::Int | Type::Float | Type::Enumeration(_), Type::Int)
            | (Type::Int | Type::Float, Type::Float)
            | (Type::Machine, Type::Reference(..)) => true,
            (Type::Reference(_, from), Type::Reference(_, to)) => {
                let (from, to) = (types.events(*from), types.events(*to));
                if let Some(event) = to.difference(from).next() {
                    let event = &self.resolver.symbols.event(*event).name;
                    let message =
                        format!("`to` only narrows: the reference does not allow `{event}`");
                    return self.error(Code::WidenedInterface, span, message);
                }
                true
            }
            (_, Type::Int | Type::Float | Type::Reference(..)) => false,
            _ => {
                let help = if to == TypeTable::STRING {
                    "use `format(\"{0}\", value)` to make a string of a value"
                } else {
                    "use `as` to look at a value of type `any` as another type"
                };
                let to = self.describe(to);
                let message =
                    format!("`to` converts to `int`, `float` or an interface, not to {to}");
                self.resolver
                    .diagnostics
                    .push(Diagnostic::error(Code::BadConversion, span, message).with_help(help));
                return TypeTable::ERROR;
            }
        };
        if allowed {
            to
        } else {
            self.incomparable(span, from, to, "cannot be converted to")
        }
    }

    /// Reports what the body does beyond computing.
    pub(super) fn effect(&mut self, effect: Effect, span: Span) {
        for function in bodies::enclosing(self.resolver.symbols, self.function) {
            self.effects.add(function, effect, span);
        }
    }

    fn calls(&mut self, callee: crate::syntax::ast::FunctionId, span: Span) {
        for function in bodies::enclosing(self.resolver.symbols, self.function) {
            self.effects.call(function, callee, span);
        }
    }
}
