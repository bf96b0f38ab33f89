//! The syntax tree: what was written, as plain data, each part with its span.
//!
//! Expressions, functions and module expressions live in lists of the [`Ast`] and are
//! referred to by number. An operand always stands before its operator, and the parts
//! of one expression stand together, so "for every part of this expression, inside
//! out" is a loop over numbers ([`Ast::parts`]). Names are not resolved here.

use std::sync::Arc;

use crate::source::Span;

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

/// `{ var ..; statements }`.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its variables.
    pub variables: Vec<Variables>,
    /// Its statements.
    pub statements: Vec<Statement>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// Where.
    pub span: Span,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// `{ .. }`; `;` is an empty block.
    Block(Vec<Statement>),
    /// `assert c, m;`
    Assert(ExprId, Option<ExprId>),
    /// `assume c, m;`
    Assume(ExprId, Option<ExprId>),
    /// `print m;`
    Print(ExprId),
    /// `return e;`
    Return(Option<ExprId>),
    /// `break;`
    Break,
    /// `continue;`
    Continue,
    /// `lv = e;`
    Assign(ExprId, ExprId),
    /// `lv += (k, v);`
    Insert(ExprId, ExprId, ExprId),
    /// `lv += (v);`
    Add(ExprId, ExprId),
    /// `lv -= e;`
    Remove(ExprId, ExprId),
    /// `while (c) s`
    While(ExprId, Box<Statement>),
    /// `foreach (x in c) s`
    Foreach(Foreach),
    /// `if (c) s else if (d) t else u`: the branches in order, then the last `else`.
    If(Vec<Branch>, Option<Box<Statement>>),
    /// A call or `new`, for its effect.
    Evaluate(ExprId),
    /// `raise e, args;`
    Raise(ExprId, Vec<ExprId>),
    /// `send m, e, args;`
    Send(ExprId, ExprId, Vec<ExprId>),
    /// `announce e, args;`
    Announce(ExprId, Vec<ExprId>),
    /// `goto S, args;`
    Goto(Name, Vec<ExprId>),
    /// `receive { case .. }`: the events of each case and its handler.
    Receive(Vec<(Vec<Name>, FunctionId)>),
}

/// One `if (c) s` of a chain.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The condition.
    pub condition: ExprId,
    /// What is done if it holds.
    pub body: Statement,
    /// From its `if` to the end of its body.
    pub span: Span,
}

/// `foreach (x in c) invariant i; s`.
#[derive(Clone, Debug)]
pub struct Foreach {
    /// The variable, as a [`ExpressionKind::Name`].
    pub variable: ExprId,
    /// What is iterated over.
    pub collection: ExprId,
    /// Loop invariants, for the verifier.
    pub invariants: Vec<ExprId>,
    /// The body.
    pub body: Box<Statement>,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where.
    pub span: Span,
    /// The first of the expressions that it is made of, itself last.
    pub(crate) first: ExprId,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// An integer.
    Int(i32),
    /// A floating-point number.
    Float(f64),
    /// `float(b, e)`
    FloatParts,
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
    /// `$` or `$$`
    Choice,
    /// `halt`
    Halt,
    /// `this`
    This,
    /// A string or `format(..)`: the text between the quotes as it is written.
    Format(Arc<str>, Vec<ExprId>),
    /// A name.
    Name(Arc<str>),
    /// `f(args)`
    Call(Name, Vec<ExprId>),
    /// `new I(args)`
    New(Name, Vec<ExprId>),
    /// `(a, b)` or `(a,)`
    Tuple(Vec<ExprId>),
    /// `(x = a, y = b)`
    NamedTuple(Vec<(Name, ExprId)>),
    /// `e.f`
    Field(ExprId, Name),
    /// `e.0`
    Position(ExprId, u32),
    /// `e[i]`
    Index(ExprId, ExprId),
    /// `keys(e)`
    Keys(ExprId),
    /// `values(e)`
    Values(ExprId),
    /// `sizeof(e)`
    Sizeof(ExprId),
    /// `default(T)`
    Default(TypeExpression),
    /// `choose()` and `choose(e)`
    Choose(Option<ExprId>),
    /// `-e` and `!e`
    Unary(UnaryOperator, ExprId),
    /// `a + b` and the like
    Binary(BinaryOperator, ExprId, ExprId),
    /// `e as T`
    Cast(ExprId, TypeExpression),
    /// `e to T`
    Convert(ExprId, TypeExpression),
    /// `e is N`
    KindTest(ExprId, Name),
    /// `inflight e`
    Inflight(ExprId),
    /// `sent e`
    Sent(ExprId),
    /// `forall (..) :: e`, `exists new (..) :: e`
    Quantified(Box<Quantifier>, ExprId),
}

/// `forall new (x: T, ..) ::`, without its body.
#[derive(Clone, Debug)]
pub struct Quantifier {
    /// `forall` rather than `exists`.
    pub is_universal: bool,
    /// Whether `new` stands behind it.
    pub is_new: bool,
    /// The bound variables.
    pub bound: Vec<Parameter>,
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`
    Not,
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BinaryOperator {
    Multiply,
    Divide,
    Remainder,
    Add,
    Subtract,
    Less,
    Greater,
    AtMost,
    AtLeast,
    In,
    Equal,
    Unequal,
    And,
    Or,
    Implies,
    Iff,
    Targets,
}

/// A type as it is written.
#[derive(Clone, Debug)]
pub struct TypeExpression {
    /// What it is.
    pub kind: TypeExpressionKind,
    /// Where.
    pub span: Span,
}

/// What a written type is.
#[derive(Clone, Debug)]
pub enum TypeExpressionKind {
    /// One of the types with a keyword of their own.
    Basic(BasicType),
    /// A name.
    Named(Name),
    /// `seq[T]`
    Sequence(Box<TypeExpression>),
    /// `set[T]`
    Set(Box<TypeExpression>),
    /// `map[K, V]`
    Map(Box<TypeExpression>, Box<TypeExpression>),
    /// `(T, U)`
    Tuple(Vec<TypeExpression>),
    /// `(x: T, y: U)`
    NamedTuple(Vec<Parameter>),
}

/// A type with a keyword of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BasicType {
    Bool,
    Int,
    Float,
    String,
    Event,
    Machine,
    Data,
    Any,
}

/// A module expression.
#[derive(Clone, Debug)]
pub struct Module {
    /// What it is.
    pub kind: ModuleKind,
    /// Where.
    pub span: Span,
}

/// What a module expression is.
#[derive(Clone, Debug)]
pub enum ModuleKind {
    /// `{ M -> I, N }`: machine and interface
    Bind(Vec<(Name, Option<Name>)>),
    /// A module by its name.
    Named(Name),
    /// `union`
    Union(Vec<ModuleId>),
    /// `compose`
    Compose(Vec<ModuleId>),
    /// `hidee E in m`
    HideEvents(Vec<Name>, ModuleId),
    /// `hidei I in m`
    HideInterfaces(Vec<Name>, ModuleId),
    /// `assert S in m`
    Assert(Vec<Name>, ModuleId),
    /// `rename I to J in m`
    Rename(Name, Name, ModuleId),
    /// `main M in m`
    Main(Name, ModuleId),
}

/// `test ..`.
#[derive(Clone, Debug)]
pub struct Test {
    /// The name.
    pub name: Name,
    /// The values of global `param`s.
    pub parameters: Vec<(Name, Vec<(TestValue, Span)>)>,
    /// What assignments must satisfy.
    pub assumption: Option<ExprId>,
    /// How many parameters are combined fully: `(n wise)`; `pairwise` is 2.
    pub strength: Option<(u32, Span)>,
    /// The main machine.
    pub main: Name,
    /// What runs.
    pub module: ModuleId,
    /// What it refines, for a refinement test.
    pub refines: Option<ModuleId>,
}

/// A value in a test's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestValue {
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Int(i32),
}

/// `implementation ..`.
#[derive(Clone, Debug)]
pub struct Implementation {
    /// The name.
    pub name: Name,
    /// The main machine.
    pub main: Option<Name>,
    /// What runs.
    pub module: ModuleId,
}

/// A declaration of the verifier.
#[derive(Clone, Debug)]
pub struct Proof {
    /// What it is.
    pub kind: ProofKind,
    /// The keyword with which it begins.
    pub keyword: Span,
}

/// What a declaration of the verifier is.
#[derive(Clone, Debug)]
pub enum ProofKind {
    /// `pure f(..): T = e;`
    Pure {
        /// The name.
        name: Name,
        /// The parameters.
        parameters: Vec<Parameter>,
        /// The type of the result.
        result: TypeExpression,
        /// The definition.
        body: Option<ExprId>,
    },
    /// `invariant n: e;`
    Invariant(Name, ExprId),
    /// `Lemma n { .. }`, `Theorem n { .. }`
    Group(Name, Vec<(Name, ExprId)>),
    /// `axiom e;`
    Axiom(ExprId),
    /// `init-condition e;`
    InitialCondition(ExprId),
    /// `Proof n { .. }`
    Script(Option<Name>, Vec<ProofCommand>),
}

/// `prove .. using .. except ..;`
#[derive(Clone, Debug)]
pub struct ProofCommand {
    /// What is to be proved.
    pub goals: ProofTargets,
    /// What may be used.
    pub premises: Option<ProofTargets>,
    /// What may not be used.
    pub exceptions: Vec<ExprId>,
}

/// A list of invariants, or one of the words for many.
#[derive(Clone, Debug)]
pub enum ProofTargets {
    /// `*`
    All,
    /// `default`
    Default,
    /// Invariants and groups.
    Listed(Vec<ExprId>),
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

impl Expression {
    /// The numbers of its direct operands.
    #[must_use]
    pub fn operands(&self) -> Vec<ExprId> {
        use ExpressionKind as K;
        match &self.kind {
            K::Int(_) | K::Float(_) | K::FloatParts | K::Bool(_) | K::Null | K::Choice => vec![],
            K::Halt | K::This | K::Name(_) | K::Default(_) | K::Choose(None) => vec![],
            K::Format(_, list) | K::Call(_, list) | K::New(_, list) | K::Tuple(list) => {
                list.clone()
            }
            K::NamedTuple(fields) => fields.iter().map(|(_, value)| *value).collect(),
            K::Field(operand, _)
            | K::Position(operand, _)
            | K::Keys(operand)
            | K::Values(operand)
            | K::Sizeof(operand)
            | K::Choose(Some(operand))
            | K::Unary(_, operand)
            | K::Cast(operand, _)
            | K::Convert(operand, _)
            | K::KindTest(operand, _)
            | K::Inflight(operand)
            | K::Sent(operand)
            | K::Quantified(_, operand) => vec![*operand],
            K::Index(left, right) | K::Binary(_, left, right) => vec![*left, *right],
        }
    }
}
