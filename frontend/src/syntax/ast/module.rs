//! Modules, tests, implementations, and the declarations of the verifier.

use super::{ExprId, FunctionId, ModuleId, Name};
use crate::source::Span;

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
    /// `invariant n: e;`, as a function that returns `e`
    Invariant(Name, FunctionId),
    /// `Lemma n { .. }`, `Theorem n { .. }`
    Group(Name, Vec<(Name, FunctionId)>),
    /// `axiom e;`
    Axiom(FunctionId),
    /// `init-condition e;`
    InitialCondition(FunctionId),
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
