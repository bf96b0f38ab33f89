//! Statements.

use super::{ExprId, FunctionId, Name, Variables};
use crate::source::Span;

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
