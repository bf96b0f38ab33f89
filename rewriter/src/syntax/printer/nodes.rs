//! What printing needs to know of the nodes of terms and of patterns.
//!
//! The one idea: terms and patterns are printed by the same code, which sees both as a [`View`]:
//! numbers and literals are one thing each, whatever they are made of.

use num_traits::Signed;

use super::PrintOptions;
use crate::builtin::Hook;
use crate::integer::Int;
use crate::name::Name;
use crate::pattern::{Literal, Pattern, PatternId, PatternNode, Variable};
use crate::signature::{OpId, Signature, SortId};
use crate::term::{Store, TermId};

/// What a node of a term or pattern is, to a printer.
pub(super) enum View<'n, Id> {
    Variable(Name, SortId),
    Application(OpId, &'n [Id]),
    Iterated(OpId, Int, &'n [Id]),
    Integer(Int),
    Fraction(Int, Int),
    Literal(Literal),
}

/// A term or pattern, node by node.
pub(super) trait Nodes {
    type Id: Copy + 'static;
    fn view(&self, id: Self::Id) -> View<'_, Self::Id>;
    /// Under what the text of a node can be remembered.
    fn memorable(&self, id: Self::Id) -> Option<TermId>;
}

/// The terms of a store.
pub(super) struct StoreNodes<'a>(pub(super) &'a Store, pub(super) PrintOptions);

impl Nodes for StoreNodes<'_> {
    type Id = TermId;

    fn view(&self, id: TermId) -> View<'_, TermId> {
        let store = self.0;
        if self.1.numbers
            && let Some(integer) = store.integer(id)
        {
            return View::Integer(integer);
        }
        if let Some(literal) = store.literal(id) {
            return View::Literal(literal);
        }
        let op = store.op(id);
        let arguments = store.arguments(id);
        match store.iterations(id) {
            Some(count) if count != Int::Small(1) => View::Iterated(op, count, arguments),
            _ => {
                if let [above, below] = arguments
                    && self.1.numbers
                    && self.1.fractions
                    && is_division(store.signature(), op)
                    && let Some(above) = store.integer(*above)
                    && let Some(below) = store.integer(*below)
                    && below.to_big().is_positive()
                {
                    return View::Fraction(above, below);
                }
                View::Application(op, arguments)
            }
        }
    }

    fn memorable(&self, id: TermId) -> Option<TermId> {
        Some(id).filter(|id| !id.is_transient())
    }
}

/// A pattern with its variables.
pub(super) struct PatternNodes<'a> {
    pub(super) pattern: &'a Pattern,
    pub(super) variables: &'a [Variable],
    pub(super) numbers: Option<Numbers>,
}

/// The operators that numbers are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    zero: OpId,
    successor: OpId,
    minus: Option<OpId>,
    divide: Option<OpId>,
}

impl Numbers {
    /// Those of a signature, if it has numbers.
    pub(super) fn of(signature: &Signature) -> Option<Numbers> {
        let hooked = |hook: &str| {
            signature.operators().find(|&op| {
                let name = signature.operator(op).attributes.hook;
                name.is_some_and(|name| name.as_str() == hook)
            })
        };
        Some(Numbers {
            zero: hooked("zero")?,
            successor: hooked("successor")?,
            minus: hooked("minus"),
            divide: hooked("divide"),
        })
    }
}

impl Numbers {
    /// The same, where fractions are applications like others.
    pub(super) fn without_fractions(self) -> Numbers {
        Numbers {
            divide: None,
            ..self
        }
    }
}

/// Whether an operator makes fractions.
fn is_division(signature: &Signature, op: OpId) -> bool {
    let hook = signature.operator(op).attributes.hook;
    hook.is_some_and(|hook| hook.as_str() == Hook::Divide.name())
}

impl PatternNodes<'_> {
    fn integer(&self, id: PatternId) -> Option<Int> {
        let natural = self.natural(id);
        natural.or_else(|| match self.pattern.node(id) {
            PatternNode::Application { op, arguments }
                if self
                    .numbers
                    .is_some_and(|numbers| numbers.minus == Some(*op)) =>
            {
                let natural = self.natural(arguments[0])?;
                Some(Int::from_limbs(true, &natural.limbs()))
            }
            _ => None,
        })
    }

    fn natural(&self, id: PatternId) -> Option<Int> {
        let numbers = self.numbers?;
        match self.pattern.node(id) {
            PatternNode::Iterated {
                op,
                count,
                argument,
            } if *op == numbers.successor => match self.pattern.node(*argument) {
                PatternNode::Application { op, .. } if *op == numbers.zero => Some(count.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Nodes for PatternNodes<'_> {
    type Id = PatternId;

    fn view(&self, id: PatternId) -> View<'_, PatternId> {
        if let Some(integer) = self.integer(id) {
            return View::Integer(integer);
        }
        match self.pattern.node(id) {
            PatternNode::Variable(variable) => {
                let Variable { name, sort } = self.variables[variable.index()];
                View::Variable(name, sort)
            }
            PatternNode::Application { op, arguments } => {
                if let [above, below] = **arguments
                    && self
                        .numbers
                        .is_some_and(|numbers| numbers.divide == Some(*op))
                    && let Some(above) = self.integer(above)
                    && let Some(below) = self.natural(below)
                {
                    return View::Fraction(above, below);
                }
                View::Application(*op, arguments)
            }
            PatternNode::Iterated {
                op,
                count,
                argument,
            } => {
                let argument = std::slice::from_ref(argument);
                match count {
                    Int::Small(1) => View::Application(*op, argument),
                    _ => View::Iterated(*op, count.clone(), argument),
                }
            }
            PatternNode::Literal { value, .. } => View::Literal(value.clone()),
        }
    }

    fn memorable(&self, _: PatternId) -> Option<TermId> {
        None
    }
}
