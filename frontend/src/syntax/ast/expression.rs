//! Expressions and types as they are written.

use std::sync::Arc;

use super::{ExprId, Name, Parameter};
use crate::source::Span;

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
    Choice {
        /// `$$`.
        is_fair: bool,
    },
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

impl Expression {
    /// The numbers of its direct operands.
    #[must_use]
    pub fn operands(&self) -> Vec<ExprId> {
        use ExpressionKind as K;
        match &self.kind {
            K::Int(_) | K::Float(_) | K::FloatParts | K::Bool(_) | K::Null | K::Choice { .. } => {
                vec![]
            }
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
