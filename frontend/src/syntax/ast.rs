//! The syntax tree: what was written, as plain data, each part with its span.
//!
//! Expressions, functions and module expressions live in lists of the [`Ast`] and are
//! referred to by number. An operand always stands before its operator, and the parts
//! of one expression stand together, so "for every part of this expression, inside
//! out" is a loop over numbers ([`Ast::parts`]). Names are not resolved here.

mod expression;
mod module;
mod statement;

use std::sync::Arc;

use crate::source::Span;
pub use expression::{
    BasicType, BinaryOperator, Expression, ExpressionKind, Quantifier, TypeExpression,
    TypeExpressionKind, UnaryOperator,
};
pub use module::{
    Implementation, Module, ModuleKind, Proof, ProofCommand, ProofKind, ProofTargets, Test,
    TestValue,
};
pub use statement::{Body, Branch, Foreach, Statement, StatementKind};

/// A name where it is used or declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) u32);

        impl $name {
            /// The number, to index a list that runs beside the one in the [`Ast`].
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// The number of an expression.
    ExprId;
    /// The number of a function: declared, written in a state, or a case of a receive.
    FunctionId;
    /// The number of a module expression.
    ModuleId;
}

/// All files of a program.
#[derive(Clone, Debug, Default)]
pub struct Ast {
    /// The declarations of all files, in order.
    pub declarations: Vec<Declaration>,
    expressions: Vec<Expression>,
    functions: Vec<Function>,
    modules: Vec<Module>,
    /// The foreign functions that a file of their own gave a body to.
    pub completed: Vec<Completed>,
    /// Whether `choose(n)` chooses from any number of values, as in older versions of P.
    pub unbounded_choices: bool,
}

/// A foreign function, as it was declared and as it was completed.
#[derive(Clone, Debug)]
pub struct Completed {
    /// The declaration, without a body.
    pub declared: Function,
    /// The function, now with a body.
    pub function: FunctionId,
}

/// A declaration at the top of a file.
#[derive(Clone, Debug)]
pub enum Declaration {
    /// `type N;` and `type N = T;`
    Type(TypeDeclaration),
    /// `enum N { .. }`
    Enumeration(Enumeration),
    /// `event N: T;`
    Event(Event),
    /// `eventset N = { .. };`
    EventSet(EventSet),
    /// `interface N(T) receives ..;`
    Interface(Interface),
    /// `machine`, `spec` and `scenario`
    Machine(Box<Machine>),
    /// `fun`
    Function(FunctionId),
    /// `param x, y: T;`
    Parameters(Variables),
    /// `module N = M;`
    Module(Name, ModuleId),
    /// `test`
    Test(Test),
    /// `implementation`
    Implementation(Implementation),
    /// Anything of the verifier.
    Proof(Proof),
}

/// `type N;` (a foreign type) or `type N = T;`.
#[derive(Clone, Debug)]
pub struct TypeDeclaration {
    /// The name.
    pub name: Name,
    /// What it stands for; none for a foreign type.
    pub definition: Option<TypeExpression>,
}

/// `enum N { A, B }` or `enum N { A = 1, B = 2 }`.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// The name.
    pub name: Name,
    /// The elements with their numbers.
    pub elements: Vec<(Name, i32)>,
}

/// `event N: T;`.
#[derive(Clone, Debug)]
pub struct Event {
    /// The name.
    pub name: Name,
    /// The type of its payload.
    pub payload: Option<TypeExpression>,
}

/// `eventset N = { .. };`.
#[derive(Clone, Debug)]
pub struct EventSet {
    /// The name.
    pub name: Name,
    /// Its events.
    pub events: Vec<Name>,
}

/// `interface N(T) receives ..;`.
#[derive(Clone, Debug)]
pub struct Interface {
    /// The name.
    pub name: Name,
    /// The type of what `new` passes.
    pub payload: Option<TypeExpression>,
    /// The events that it receives.
    pub receives: Vec<Name>,
}

/// What kind of machine a [`Machine`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineKind {
    /// `machine`
    Machine,
    /// `spec`
    Spec,
    /// `scenario`
    Scenario,
}

/// `machine`, `spec` or `scenario`.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Which of the three.
    pub kind: MachineKind,
    /// The name.
    pub name: Name,
    /// All `receives` clauses together; none if there is no clause.
    pub receives: Option<Vec<Name>>,
    /// All `sends` clauses together; none if there is no clause.
    pub sends: Option<Vec<Name>>,
    /// The events that a spec or scenario observes.
    pub observes: Vec<Name>,
    /// Its variables.
    pub variables: Vec<Variables>,
    /// Its named functions.
    pub functions: Vec<FunctionId>,
    /// Its states.
    pub states: Vec<State>,
}

/// `var x, y: T;`, also fields and global `param`s.
#[derive(Clone, Debug)]
pub struct Variables {
    /// The names.
    pub names: Vec<Name>,
    /// The type of each.
    pub kind: TypeExpression,
}

/// `hot` or `cold`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temperature {
    /// `hot`
    Hot,
    /// `cold`
    Cold,
}

/// A state of a machine.
#[derive(Clone, Debug)]
pub struct State {
    /// The name.
    pub name: Name,
    /// Whether it is marked `start`.
    pub is_start: bool,
    /// Its mark, if any.
    pub temperature: Option<Temperature>,
    /// What it says, in order.
    pub items: Vec<StateItem>,
    /// From `start` to the closing brace.
    pub span: Span,
}

/// One line of a state.
#[derive(Clone, Debug)]
pub struct StateItem {
    /// What it says.
    pub kind: StateItemKind,
    /// Where.
    pub span: Span,
}

/// What one line of a state says.
#[derive(Clone, Debug)]
pub enum StateItemKind {
    /// `entry ..`
    Entry(Handler),
    /// `exit ..`
    Exit(Handler),
    /// `defer E, ..;`
    Defer(Vec<Name>),
    /// `ignore E, ..;`
    Ignore(Vec<Name>),
    /// `on E, .. do ..`
    OnDo(Vec<Name>, Handler),
    /// `on E, .. goto S with ..`
    OnGoto(Vec<Name>, Name, Option<Handler>),
}

/// The code of an entry, an exit or a reaction.
#[derive(Clone, Debug)]
pub enum Handler {
    /// The name of a function.
    Named(Name),
    /// A body that stands in place.
    Inline(FunctionId),
}

/// A function with a name, a handler written in place, or a case of a receive.
#[derive(Clone, Debug)]
pub struct Function {
    /// The name, unless it is written in place.
    pub name: Option<Name>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The type of the result, if there is one.
    pub result: Option<TypeExpression>,
    /// The body; none for a foreign function.
    pub body: Option<Body>,
    /// The interface in `creates`, for a foreign function.
    pub creates: Option<Name>,
    /// The contract of a foreign function.
    pub contract: Vec<ExprId>,
    /// The name of the result in the contract.
    pub result_name: Option<Name>,
    /// Whether it is a pure function of the verifier.
    pub is_pure: bool,
    /// The whole function.
    pub span: Span,
}

/// `x: T`, as a parameter, a field of a named tuple type, or a bound variable.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name.
    pub name: Name,
    /// The type.
    pub kind: TypeExpression,
}

impl Ast {
    /// An expression.
    #[must_use]
    pub fn expression(&self, id: ExprId) -> &Expression {
        &self.expressions[id.index()]
    }

    /// How many expressions there are.
    #[must_use]
    pub fn n_expressions(&self) -> usize {
        self.expressions.len()
    }

    /// The parts of an expression, operands before operators, itself last.
    pub fn parts(&self, id: ExprId) -> impl Iterator<Item = ExprId> + use<> {
        (self.expression(id).first.0..=id.0).map(ExprId)
    }

    /// A function.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.index()]
    }

    /// All functions, in the order in which they end in the text.
    pub fn functions(&self) -> impl Iterator<Item = (FunctionId, &Function)> {
        self.functions
            .iter()
            .enumerate()
            .map(|(index, function)| (FunctionId(index as u32), function))
    }

    /// A module expression.
    #[must_use]
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.index()]
    }

    /// How many module expressions there are.
    #[must_use]
    pub fn n_modules(&self) -> usize {
        self.modules.len()
    }

    pub(crate) fn add_expression(&mut self, expression: Expression) -> ExprId {
        self.expressions.push(expression);
        ExprId(self.expressions.len() as u32 - 1)
    }

    pub(crate) fn add_function(&mut self, function: Function) -> FunctionId {
        self.functions.push(function);
        FunctionId(self.functions.len() as u32 - 1)
    }

    pub(crate) fn add_module(&mut self, module: Module) -> ModuleId {
        self.modules.push(module);
        ModuleId(self.modules.len() as u32 - 1)
    }

    /// The functions that are claims of the verifier: invariants, axioms and conditions.
    pub fn claims(&self) -> impl Iterator<Item = FunctionId> {
        self.declarations.iter().flat_map(|declaration| {
            let Declaration::Proof(proof) = declaration else {
                return Vec::new();
            };
            match &proof.kind {
                ProofKind::Invariant(_, claim)
                | ProofKind::Axiom(claim)
                | ProofKind::InitialCondition(claim) => vec![*claim],
                ProofKind::Group(_, invariants) => {
                    invariants.iter().map(|(_, claim)| *claim).collect()
                }
                ProofKind::Script(..) => Vec::new(),
            }
        })
    }

    /// Puts `body` in the place of a function without one.
    pub(super) fn complete(&mut self, foreign: FunctionId, body: FunctionId) {
        let body = self.functions[body.index()].clone();
        let declared = std::mem::replace(&mut self.functions[foreign.index()], body);
        self.completed.push(Completed {
            declared,
            function: foreign,
        });
    }

    pub(super) fn expression_mut(&mut self, id: ExprId) -> &mut Expression {
        &mut self.expressions[id.index()]
    }

    /// The lengths of the lists, for [`Ast::truncate`].
    pub(super) fn length(&self) -> [usize; 4] {
        [
            self.declarations.len(),
            self.expressions.len(),
            self.functions.len(),
            self.modules.len(),
        ]
    }

    /// Forgets what was added since [`Ast::length`].
    pub(super) fn truncate(&mut self, length: [usize; 4]) {
        self.declarations.truncate(length[0]);
        self.expressions.truncate(length[1]);
        self.functions.truncate(length[2]);
        self.modules.truncate(length[3]);
    }
}
