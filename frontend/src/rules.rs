//! P's static rules: what a program must satisfy before it can mean anything.
//!
//! Every pass reports all it finds and goes on; what is reported once has the type
//! [`crate::types::Type::Error`], which fits everywhere, so that one mistake is told
//! once. Passes that need declarations without errors (modules, tests) run after them.
//!
//! Source: p-language 2.2 to 2.11.

mod bodies;
mod claims;
mod effects;
mod executable;
mod expressions;
mod format;
mod machines;
mod modules;
mod questions;
mod raised;
mod returns;
mod tests;

use std::collections::HashMap;

use crate::diagnostic::{self, Diagnostic};
use crate::syntax::ast::{Ast, ExprId};
use crate::types::{self, ElementId, EventId, InterfaceId, MachineId, Symbols, TypeId, VariableId};

pub use claims::Claim;
pub(crate) use claims::returned;
pub use effects::Effect;
pub(crate) use executable::looking;
pub use format::{Part, format_parts};
pub use modules::ModuleInfo;
pub(crate) use questions::message_type;
pub use tests::{TestCase, TestKind};

use crate::syntax::ast::FunctionId;

/// What a name in an expression means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// A variable of any kind.
    Variable(VariableId),
    /// An element of an enum.
    Element(ElementId),
    /// An event.
    Event(EventId),
    /// A spec machine, which only the verifier can speak of.
    Spec(MachineId),
    /// A machine, behind `is`.
    Machine(MachineId),
    /// A state, behind `is`.
    State,
    /// The function that is called.
    Function(FunctionId),
    /// The interface that is created.
    Interface(InterfaceId),
}

/// A program whose names are resolved and whose types are known.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What it declares.
    pub symbols: Symbols,
    /// The type of each expression, by [`ExprId`].
    pub types: Vec<TypeId>,
    /// What each name, call and `new` refers to, by [`ExprId`].
    pub resolutions: Vec<Option<Resolution>>,
    /// What asks, in the code of a machine, what only an invariant can ask.
    pub inexecutable: HashMap<ExprId, &'static str>,
    /// The variables of each quantifier.
    pub bound: HashMap<ExprId, Vec<VariableId>>,
    /// What can be run, with parameters expanded.
    pub tests: Vec<TestCase>,
    /// The invariants, and groups of them.
    pub claims: Vec<Claim>,
}

impl Checked {
    /// The type of an expression.
    #[must_use]
    pub fn type_of(&self, id: ExprId) -> TypeId {
        self.types[id.index()]
    }

    /// What a name, call or `new` refers to.
    #[must_use]
    pub fn resolution(&self, id: ExprId) -> Option<Resolution> {
        self.resolutions[id.index()]
    }
}

/// Checks a program. The result can be used if no diagnostic is an error; the
/// diagnostics are in the order of their places. `is_included` tells whether a
/// declaration comes from an included project, whose tests do not count.
#[must_use]
pub fn check(
    ast: &Ast,
    is_included: &dyn Fn(crate::source::FileId) -> bool,
) -> (Checked, Vec<Diagnostic>) {
    let (symbols, mut diagnostics) = types::declare(ast);
    let mut checked = Checked {
        symbols,
        ..Checked::default()
    };
    machines::check(ast, &checked.symbols, &mut diagnostics);
    let is_declared = !diagnostics.iter().any(Diagnostic::is_error);
    let effects = bodies::check(ast, &mut checked, &mut diagnostics);
    returns::check(ast, &checked.symbols, &mut diagnostics);
    effects.check(ast, &checked.symbols, &mut diagnostics);
    checked.claims = claims::check(ast, &checked, &mut diagnostics);
    let is_good = !diagnostics.iter().any(Diagnostic::is_error);
    if is_declared {
        let creates = effects.creates(ast, &checked);
        let modules = modules::check(ast, &checked.symbols, &creates, &mut diagnostics);
        checked.tests = tests::check(ast, &checked, &modules, is_included, &mut diagnostics);
    }
    if is_good {
        executable::meaningless(ast, &checked, &mut diagnostics);
        checked.inexecutable = executable::inexecutable(ast, &checked, &mut diagnostics);
    }
    diagnostic::sort(&mut diagnostics);
    (checked, diagnostics)
}
