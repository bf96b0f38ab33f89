//! From a checked program to a term of `semantics/`.
//!
//! Names are resolved and types expanded, tests have their parameters, strings their
//! escapes; nothing else is decided here. What a statement does is in the rules: each
//! becomes the constructor of its name, with its operands and its place.

mod claims;
mod declarations;
mod expressions;
mod modules;
mod statements;
mod tree;
mod types;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub use tree::{Node, NodeId, Tree};

use crate::program::Program;
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::Ast;
use crate::types::{Symbols, TypeId, VariableId};
use crate::vocabulary::{Collection, Operator};

/// The term `init(program, test)` of one of the program's tests, by its place in
/// [`Program::tests`].
///
/// # Panics
/// If there is no such test.
#[must_use]
pub fn lower(program: &Program, test: usize) -> Tree {
    let checked = &program.checked;
    let mut lowering = Lowering {
        ast: &program.ast,
        checked,
        symbols: &checked.symbols,
        sources: &program.sources,
        foreign: if program.foreign_values {
            Operator::Arbitrary
        } else {
            Operator::Foreign
        },
        file_names: HashMap::new(),
        nodes: Vec::new(),
        types: HashMap::new(),
        references: BTreeSet::new(),
        expressions: vec![NodeId::default(); program.ast.n_expressions()],
        renamed: HashMap::new(),
        looking: crate::rules::looking(&program.ast, checked),
    };
    let root = lowering.program(&checked.tests[test]);
    Tree::new(lowering.nodes, root)
}

/// What has been written so far.
struct Lowering<'a> {
    ast: &'a Ast,
    checked: &'a crate::rules::Checked,
    symbols: &'a Symbols,
    sources: &'a Sources,
    /// What stands for a function without a body.
    foreign: Operator,
    file_names: HashMap<FileId, Arc<str>>,
    nodes: Vec<Node>,
    types: HashMap<TypeId, NodeId>,
    /// The names of the reference types that were written.
    references: BTreeSet<(Arc<str>, crate::types::EventSetId)>,
    /// The node of each expression that has been written.
    expressions: Vec<NodeId>,
    /// The names of variables that would hide another variable of their function.
    renamed: HashMap<VariableId, Arc<str>>,
    /// The pure functions that only invariants can call.
    looking: Vec<bool>,
}

impl Lowering<'_> {
    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId::from_index(self.nodes.len() - 1)
    }

    fn apply<const N: usize>(&mut self, operator: Operator, arguments: [NodeId; N]) -> NodeId {
        debug_assert_eq!(operator.signature().arguments.len(), N, "{operator:?}");
        self.push(Node::Apply(operator, arguments.into()))
    }

    fn constant(&mut self, operator: Operator) -> NodeId {
        self.apply(operator, [])
    }

    fn quoted(&mut self, name: &Arc<str>) -> NodeId {
        self.push(Node::Quoted(name.clone()))
    }

    /// All elements in a row: none, the element itself, or the join of them.
    fn collect(&mut self, collection: Collection, elements: Vec<NodeId>) -> NodeId {
        match elements.as_slice() {
            [] => self.constant(collection.none),
            [element] => *element,
            _ => self.push(Node::Apply(collection.join, elements)),
        }
    }

    fn names<'n>(&mut self, names: impl Iterator<Item = &'n Arc<str>>) -> NodeId {
        let names = names.map(|name| self.quoted(name)).collect();
        self.collect(Collection::NAMES, names)
    }

    fn position(&mut self, span: Span) -> NodeId {
        let file = self
            .file_names
            .entry(span.file)
            .or_insert_with(|| self.sources.short_name(span.file).into())
            .clone();
        let position = self.sources.position(span);
        let file = self.push(Node::String(file));
        let line = self.push(Node::Int(position.line.into()));
        let column = self.push(Node::Int(position.column.into()));
        self.apply(Operator::Position, [file, line, column])
    }
}
