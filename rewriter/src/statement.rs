//! Statements: equations, rules and membership axioms, as data.
//!
//! The one idea: the variables of a statement are numbered once, in [`Statement::variables`], and
//! both sides and all condition fragments speak of them by number.

use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::pattern::{Pattern, Variable};
use crate::signature::SortId;
use crate::source::Span;

/// A statement of a module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// Its label, if it has one.
    pub label: Option<Name>,
    /// Its variables; patterns refer to them by index.
    pub variables: Vec<Variable>,
    /// What it says.
    pub body: Body,
    /// Its condition: fragments solved from left to right.
    pub condition: Vec<Fragment>,
    /// Its attributes.
    pub attributes: StatementAttributes,
    /// Where it is written.
    pub span: Option<Span>,
}

/// What a statement says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Body {
    /// `left = right`
    Equation {
        /// The left side.
        left: Pattern,
        /// The right side.
        right: Pattern,
    },
    /// `left => right`
    Rule {
        /// The left side.
        left: Pattern,
        /// The right side.
        right: Pattern,
    },
    /// `pattern : sort`
    Membership {
        /// The terms it speaks of.
        pattern: Pattern,
        /// The sort they have.
        sort: SortId,
    },
}

/// One part of a condition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Fragment {
    /// `u = v`: both sides are reduced and compared. A Boolean condition `b` is `b = true`.
    Equality {
        /// The left side.
        left: Pattern,
        /// The right side.
        right: Pattern,
    },
    /// `pattern := term`: the term is reduced and matched; variables of the pattern become bound.
    Assignment {
        /// The pattern.
        pattern: Pattern,
        /// The term.
        term: Pattern,
    },
    /// `term : sort`
    SortTest {
        /// The term.
        term: Pattern,
        /// The sort.
        sort: SortId,
    },
    /// `term => pattern`: some state reachable from the term matches. Rules and queries only.
    Rewrite {
        /// The term.
        term: Pattern,
        /// The pattern.
        pattern: Pattern,
    },
}

/// The attributes of a statement.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub struct StatementAttributes {
    /// Tried only when no other equation applies at the same place.
    pub owise: bool,
    /// Not executed.
    pub nonexec: bool,
    /// A `variant` equation.
    pub variant: bool,
    /// A `narrowing` rule.
    pub narrowing: bool,
    /// What is printed when it is applied.
    pub print: Option<Vec<PrintItem>>,
    /// A `metadata` string.
    pub metadata: Option<String>,
}

/// A part of a `print` attribute.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum PrintItem {
    /// Text.
    Text(String),
    /// The value of a variable.
    Variable(crate::pattern::VariableId),
}
