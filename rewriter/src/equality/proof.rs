//! The links of a chain of equal terms.

use crate::module::StatementId;
use crate::term::TermId;

/// Why two terms are equal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reason {
    /// An equation was applied.
    Equation(StatementId),
    /// The engine computed it: a built-in operator, a membership axiom that lowers a sort.
    Computation,
    /// It was assumed: the number of the assumption.
    Assumption(usize),
}

/// A link of a chain: a subterm is replaced by an equal one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link {
    /// Why they are equal.
    pub reason: Reason,
    /// Whether the equation was applied from right to left.
    pub is_backward: bool,
    /// The subterm that is replaced.
    pub from: TermId,
    /// What replaces it.
    pub to: TermId,
    /// The whole term after that.
    pub whole: TermId,
}
