//! At which operators a statement can apply.
//!
//! The one idea: a statement is tried at a node because of the operator there. Usually that is the
//! operator on top of its left side; but where variables of the left side can take the identity
//! element, the rest of it can be what remains, so `X ; f(Y)` applies at `f` too, and `X ; Y`
//! at every operator of the kind.

use super::Module;
use crate::pattern::{Pattern, PatternId, PatternNode};
use crate::signature::{OpId, SortId};
use crate::statement::{Body, Statement};

/// The operators at which a statement is to be tried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Entry {
    /// At these, the first of which is on top of the left side.
    At(Vec<OpId>),
    /// At every operator of the kind of this sort.
    Kind(SortId),
}

impl Statement {
    /// The left side, or the pattern of a membership axiom.
    pub fn left(&self) -> &Pattern {
        match &self.body {
            Body::Equation { left, .. } | Body::Rule { left, .. } => left,
            Body::Membership { pattern, .. } => pattern,
        }
    }
}

impl Module {
    /// The operators at which a statement is tried.
    pub(crate) fn operators_at(&self, statement: &Statement) -> Vec<OpId> {
        match self.entry(statement) {
            Entry::At(operators) => operators,
            Entry::Kind(sort) => {
                let signature = self.signature();
                let kind = signature.kind_of(sort);
                (signature.operators())
                    .filter(|&op| signature.operator(op).range == kind)
                    .collect()
            }
        }
    }

    /// Where a statement is to be tried.
    pub(crate) fn entry(&self, statement: &Statement) -> Entry {
        let pattern = statement.left();
        let mut operators: Vec<OpId> = Vec::new();
        let mut pending = vec![pattern.root()];
        while let Some(id) = pending.pop() {
            let op = match pattern.node(id) {
                PatternNode::Variable(variable) => {
                    return Entry::Kind(statement.variables[variable.index()].sort);
                }
                PatternNode::Iterated { op, .. } | PatternNode::Literal { op, .. } => *op,
                PatternNode::Application { op, .. } => *op,
            };
            if operators.contains(&op) {
                continue;
            }
            operators.push(op);
            pending.extend(self.collapses(statement, pattern, id));
        }
        Entry::At(operators)
    }

    /// The arguments that an application can become when the others are identity elements.
    fn collapses(&self, statement: &Statement, pattern: &Pattern, id: PatternId) -> Vec<PatternId> {
        let PatternNode::Application { op, .. } = pattern.node(id) else {
            return Vec::new();
        };
        let Some(identity) = self.identity(*op) else {
            return Vec::new();
        };
        let arguments = flattened(pattern, id, *op);
        let vanishes = |&id: &PatternId| match pattern.node(id) {
            PatternNode::Variable(variable) => {
                let sort = statement.variables[variable.index()].sort;
                self.has_sort(identity, sort)
            }
            _ => false,
        };
        let firm: Vec<PatternId> = (arguments.iter().copied())
            .filter(|id| !vanishes(id))
            .collect();
        match firm.as_slice() {
            [] => arguments,
            [single] => vec![*single],
            _ => Vec::new(),
        }
    }

    /// Whether a ground pattern that is a constant has a sort; other patterns are taken to.
    fn has_sort(&self, term: &Pattern, sort: SortId) -> bool {
        match term.node(term.root()) {
            PatternNode::Application { op, arguments } if arguments.is_empty() => {
                let signature = self.signature();
                signature.leq(signature.least_sort(*op, &[]), sort)
            }
            _ => true,
        }
    }

    /// Which operators can never be rewritten at: no equation or membership axiom is tried there
    /// and no built-in computes there.
    pub(super) fn find_stable(&self) -> Vec<bool> {
        let signature = self.signature();
        let mut stable: Vec<bool> = signature
            .operators()
            .map(|op| self.hook(op).is_none_or(|hook| hook.is_constructor()))
            .collect();
        for statement in self.statements() {
            if statement.attributes.nonexec || matches!(statement.body, Body::Rule { .. }) {
                continue;
            }
            match self.entry(statement) {
                Entry::At(operators) => {
                    for op in operators {
                        stable[op.index()] = false;
                    }
                }
                Entry::Kind(sort) => {
                    for op in signature.operators() {
                        if signature.operator(op).range == signature.kind_of(sort) {
                            stable[op.index()] = false;
                        }
                    }
                }
            }
        }
        stable
    }
}

/// The arguments of an application with nested applications of the same associative operator
/// opened.
fn flattened(pattern: &Pattern, root: PatternId, op: OpId) -> Vec<PatternId> {
    let mut found = Vec::new();
    let mut pending = vec![root];
    while let Some(id) = pending.pop() {
        match pattern.node(id) {
            PatternNode::Application {
                op: other,
                arguments,
            } if *other == op => pending.extend(arguments.iter().rev().copied()),
            _ => found.push(id),
        }
    }
    found
}
