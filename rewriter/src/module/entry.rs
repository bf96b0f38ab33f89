//! At which operators a statement can apply.
//!
//! The one idea: a statement is tried at a node because of the operator there. Usually that is the
//! operator on top of its left side; but where arguments of the left side can be the identity
//! element, the rest of it can be what remains, so `X ; f(Y)` applies at `f` too, and `X ; Y`
//! at every operator of the kind.

use super::{Module, StatementId};
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

/// What stands on top of a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Head {
    Operator(OpId),
    Variable(SortId),
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
    /// The operators at which a statement of the module is tried.
    pub(crate) fn operators_of(&self, statement: StatementId) -> &[OpId] {
        &self.entries[statement.index()]
    }

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
        let mut operators: Vec<OpId> = Vec::new();
        for head in self.heads(statement) {
            match head {
                Head::Variable(sort) => return Entry::Kind(sort),
                Head::Operator(op) if operators.contains(&op) => {}
                Head::Operator(op) => operators.push(op),
            }
        }
        Entry::At(operators)
    }

    /// What may stand on top of a term that the left side of a statement matches: its own operator
    /// first, then what it collapses to when arguments are identity elements, or both the same.
    fn heads(&self, statement: &Statement) -> Vec<Head> {
        let pattern = statement.left();
        let mut heads: Vec<Vec<Head>> = Vec::with_capacity(pattern.nodes().len());
        for (index, node) in pattern.nodes().iter().enumerate() {
            let mut here = vec![match node {
                PatternNode::Variable(variable) => {
                    Head::Variable(statement.variables[variable.index()].sort)
                }
                PatternNode::Iterated { op, .. }
                | PatternNode::Literal { op, .. }
                | PatternNode::Application { op, .. } => Head::Operator(*op),
            }];
            if let PatternNode::Application { op, arguments } = node {
                let arguments = match self.signature().operator(*op).axioms().assoc {
                    true => flattened(pattern, pattern.id(index), *op),
                    false => arguments.to_vec(),
                };
                let arguments = arguments.iter().map(|argument| &*heads[argument.index()]);
                self.add_collapses(*op, &arguments.collect::<Vec<_>>(), &mut here);
            }
            heads.push(here);
        }
        heads.swap_remove(pattern.root().index())
    }

    /// Adds what an application becomes, given what may stand on top of its arguments.
    fn add_collapses(&self, op: OpId, arguments: &[&[Head]], heads: &mut Vec<Head>) {
        let mut add = |more: &mut dyn Iterator<Item = Head>| {
            for head in more {
                if !heads.contains(&head) {
                    heads.push(head);
                }
            }
        };
        if let Some(identity) = self.identity(op) {
            let is_firm = |argument: &&&[Head]| {
                let may_vanish = |head: &Head| self.may_be(*head, identity);
                !argument.iter().any(may_vanish)
            };
            let firm: Vec<&&[Head]> = arguments.iter().filter(is_firm).collect();
            match firm.as_slice() {
                [] => add(&mut arguments.iter().copied().flatten().copied()),
                [single] => add(&mut single.iter().copied()),
                _ => {}
            }
        }
        if let (true, [first, second]) = (self.signature().operator(op).axioms().idem, arguments) {
            for (heads, others) in [(first, second), (second, first)] {
                let is_common = |head: &&Head| {
                    let agrees =
                        |other: &Head| matches!(other, Head::Variable(_)) || other == *head;
                    others.iter().any(agrees)
                };
                add(&mut heads.iter().filter(is_common).copied());
            }
        }
    }

    /// Whether something with this head may be an identity element.
    fn may_be(&self, head: Head, identity: &Pattern) -> bool {
        match (head, identity.node(identity.root())) {
            (Head::Variable(sort), _) => self.has_sort(identity, sort),
            (
                Head::Operator(op),
                PatternNode::Iterated { op: top, .. }
                | PatternNode::Literal { op: top, .. }
                | PatternNode::Application { op: top, .. },
            ) => op == *top,
            (Head::Operator(_), PatternNode::Variable(_)) => false,
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

    /// Where each statement is to be tried.
    pub(super) fn find_entries(&self) -> Vec<Box<[OpId]>> {
        let statements = self.statements().iter();
        let operators = statements.map(|statement| self.operators_at(statement).into());
        operators.collect()
    }

    /// Which operators can never be rewritten at: no equation or membership axiom is tried there
    /// and no built-in computes there.
    pub(super) fn find_stable(&self) -> Vec<bool> {
        let signature = self.signature();
        let mut stable: Vec<bool> = signature
            .operators()
            .map(|op| self.hook(op).is_none_or(|hook| hook.is_constructor()))
            .collect();
        for (statement, entry) in self.statements().iter().zip(&self.entries) {
            if statement.attributes.nonexec || matches!(statement.body, Body::Rule { .. }) {
                continue;
            }
            for op in entry {
                stable[op.index()] = false;
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
