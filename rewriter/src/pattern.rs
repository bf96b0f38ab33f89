//! Patterns: terms with variables, as they are written, before any store knows them.
//!
//! The one idea: a pattern is a list of nodes in which children come before their parents, so that
//! building, walking and dropping one never recurses, however deep it is. Ground terms are
//! patterns without variables: this is also how a term gets into a
//! [`Store`](crate::term::Store).
//!
//! Nothing is normalised here: nested associative applications and identity elements stay as
//! written.

use serde::{Deserialize, Serialize};

use crate::integer::Int;
use crate::name::Name;
use crate::signature::{OpId, SortId};

/// A variable: an index into the variables of the statement, command or pattern it occurs in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct VariableId(pub u16);

impl VariableId {
    /// The index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of a variable.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Variable {
    /// Its name without its sort.
    pub name: Name,
    /// Its sort; the error sort of a kind when it ranges over the kind.
    pub sort: SortId,
}

/// A node of a [`Pattern`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct PatternId(u32);

impl PatternId {
    /// The index of the node in its pattern.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A constant that is not an operator of the signature by itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Literal {
    /// A string; the operator is the one with hook `strings`.
    String(String),
    /// A quoted identifier without its quote; the operator has hook `quoted-ids`.
    QuotedId(String),
    /// A floating-point number; the operator has hook `floats`.
    Float(f64),
}

/// What a node of a pattern is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum PatternNode {
    /// A variable.
    Variable(VariableId),
    /// An operator applied to arguments; an associative one may have more than two.
    Application {
        /// The operator.
        op: OpId,
        /// Its arguments.
        arguments: Box<[PatternId]>,
    },
    /// An `iter` operator applied several times: `s_^3(N)`. Natural numbers are the successor
    /// iterated over zero; see [`Pattern::natural`].
    Iterated {
        /// The operator.
        op: OpId,
        /// How many times, at least once.
        count: Int,
        /// What it is applied to.
        argument: PatternId,
    },
    /// A literal.
    Literal {
        /// The operator that literals of this sort belong to.
        op: OpId,
        /// Its value.
        value: Literal,
    },
}

impl PatternNode {
    /// Its arguments.
    pub fn arguments(&self) -> &[PatternId] {
        match self {
            PatternNode::Application { arguments, .. } => arguments,
            PatternNode::Iterated { argument, .. } => std::slice::from_ref(argument),
            PatternNode::Variable(_) | PatternNode::Literal { .. } => &[],
        }
    }
}

/// A term with variables.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Pattern {
    nodes: Vec<PatternNode>,
    root: Option<PatternId>,
}

impl Pattern {
    /// A pattern without nodes; it must be given some before it is used.
    pub fn new() -> Pattern {
        Pattern::default()
    }

    fn push(&mut self, node: PatternNode) -> PatternId {
        let id = PatternId(self.nodes.len() as u32);
        self.nodes.push(node);
        self.root = Some(id);
        id
    }

    /// Adds a variable. Like every method that adds a node, makes it the root.
    pub fn variable(&mut self, variable: VariableId) -> PatternId {
        self.push(PatternNode::Variable(variable))
    }

    /// Adds an application to nodes that are there already.
    pub fn apply(&mut self, op: OpId, arguments: &[PatternId]) -> PatternId {
        debug_assert!(arguments.iter().all(|id| id.index() < self.nodes.len()));
        self.push(PatternNode::Application {
            op,
            arguments: arguments.into(),
        })
    }

    /// Adds an `iter` operator applied `count` times; zero times is the argument itself.
    pub fn iterate(&mut self, op: OpId, count: Int, argument: PatternId) -> PatternId {
        debug_assert!(argument.index() < self.nodes.len());
        if count.is_zero() {
            self.root = Some(argument);
            return argument;
        }
        self.push(PatternNode::Iterated {
            op,
            count,
            argument,
        })
    }

    /// Adds a natural number: `successor` iterated over the constant `zero`.
    pub fn natural(&mut self, successor: OpId, zero: OpId, value: Int) -> PatternId {
        let zero = self.apply(zero, &[]);
        self.iterate(successor, value, zero)
    }

    /// Adds a literal of the given literal operator.
    pub fn literal(&mut self, op: OpId, value: Literal) -> PatternId {
        self.push(PatternNode::Literal { op, value })
    }

    /// Gives every variable another number.
    pub fn renumber(&mut self, number: impl Fn(VariableId) -> VariableId) {
        for node in &mut self.nodes {
            if let PatternNode::Variable(variable) = node {
                *variable = number(*variable);
            }
        }
    }

    /// Puts constants in the place of those variables for which there is one.
    pub fn replace_variables(&mut self, constant: impl Fn(VariableId) -> Option<OpId>) {
        for node in &mut self.nodes {
            if let PatternNode::Variable(variable) = node
                && let Some(op) = constant(*variable)
            {
                let arguments = Box::default();
                *node = PatternNode::Application { op, arguments };
            }
        }
    }

    /// Adds the same node as in another pattern, its arguments given as nodes of this one.
    pub(crate) fn push_copy(
        &mut self,
        node: &PatternNode,
        place: impl Fn(PatternId) -> PatternId,
    ) -> PatternId {
        let mut node = node.clone();
        match &mut node {
            PatternNode::Application { arguments, .. } => {
                for argument in arguments {
                    *argument = place(*argument);
                }
            }
            PatternNode::Iterated { argument, .. } => *argument = place(*argument),
            PatternNode::Variable(_) | PatternNode::Literal { .. } => {}
        }
        self.push(node)
    }

    /// The node with this number.
    pub(crate) fn id(&self, index: usize) -> PatternId {
        PatternId(index as u32)
    }

    /// Makes another node the root than the one added last.
    pub fn set_root(&mut self, root: PatternId) {
        self.root = Some(root);
    }

    /// The root.
    ///
    /// # Panics
    /// If the pattern has no nodes.
    pub fn root(&self) -> PatternId {
        match self.root {
            Some(root) => root,
            None => unreachable!("a pattern is used only after it was given nodes"),
        }
    }

    /// A node.
    pub fn node(&self, id: PatternId) -> &PatternNode {
        &self.nodes[id.index()]
    }

    /// All nodes, children before parents.
    pub fn nodes(&self) -> &[PatternNode] {
        &self.nodes
    }

    /// The variables that occur, without repetition, in the order of their first occurrence in
    /// the list of nodes.
    pub fn variables(&self) -> Vec<VariableId> {
        let mut found: Vec<VariableId> = Vec::new();
        for node in &self.nodes {
            if let PatternNode::Variable(variable) = node
                && !found.contains(variable)
            {
                found.push(*variable);
            }
        }
        found
    }

    /// Whether it has no variables.
    pub fn is_ground(&self) -> bool {
        let is_variable = |node: &PatternNode| matches!(node, PatternNode::Variable(_));
        !self.nodes.iter().any(is_variable)
    }
}
