//! Patterns that collapse: all arguments but one are identity elements.
//!
//! The one idea: `X + Y` with the identity 0 is also `X`, if `Y` is 0. At the top of a subject
//! with another operator that is associative, the argument that is left is matched with extension
//! under that operator, once for each argument that can be the one.

use super::super::{Instruction, Register, Shape, ShapeId};
use super::{Collection, LeftCompiler};
use crate::pattern::VariableId;
use crate::signature::OpId;
use crate::term::{TermId, Theory};

/// One way in which a pattern collapses.
pub(crate) struct Collapse {
    /// The operator of the subject.
    op: OpId,
    /// What is left, as arguments of that operator.
    arguments: Vec<ShapeId>,
    identity: TermId,
    /// The variables that are the identity.
    vanishing: Vec<VariableId>,
}

impl LeftCompiler<'_> {
    /// The ways in which a pattern collapses to something that matches, with extension, subjects
    /// with another operator.
    pub(crate) fn collapses(&self, shape: ShapeId, op: OpId) -> Vec<Collapse> {
        let is_collection = |op| matches!(self.store.theory(op), Theory::List | Theory::Multiset);
        let Shape::Application { op: top, arguments } = self.shapes.at(shape) else {
            return Vec::new();
        };
        let facts = self.store.facts(*top);
        if *top == op || !is_collection(op) || !facts.has_identity() {
            return Vec::new();
        }
        let identity = facts.identity();
        let n_arguments = arguments.len();
        let way = |kept: usize| {
            let stays_left = kept > 0 && facts.left_identity == TermId::NONE;
            let stays_right = kept + 1 < n_arguments && facts.right_identity == TermId::NONE;
            if stays_left || stays_right {
                return None;
            }
            let others = arguments.iter().enumerate();
            let others = others.filter(|&(index, _)| index != kept);
            let mut vanishing = Vec::new();
            for (_, &other) in others {
                match *self.shapes.at(other) {
                    Shape::Variable(variable) if self.least(*top, variable) == 0 => {
                        vanishing.push(variable);
                    }
                    _ => return None,
                }
            }
            let arguments = match self.shapes.at(arguments[kept]) {
                Shape::Variable(variable) if vanishing.contains(variable) => return None,
                Shape::Variable(_) => vec![arguments[kept]],
                Shape::Application {
                    op: inner,
                    arguments,
                } if *inner == op => arguments.to_vec(),
                Shape::Ground(term) if self.store.op(*term) == op => vec![arguments[kept]],
                _ => return None,
            };
            Some(Collapse {
                op,
                arguments,
                identity,
                vanishing,
            })
        };
        (0..n_arguments).filter_map(way).collect()
    }

    /// Matches what a pattern collapses to with extension.
    pub(crate) fn match_collapsed(&mut self, collapse: &Collapse, source: Register) {
        for &variable in &collapse.vanishing {
            if !self.is_bound(variable) {
                let target = self.new_register();
                self.code.emit(Instruction::PushConstant(collapse.identity));
                self.code.emit(Instruction::Store(target));
                self.bind_register(variable, target);
            }
        }
        let op = collapse.op;
        let collection = self.code.collection(Collection { source, op });
        let arguments = match collapse.arguments.as_slice() {
            [only] => match *self.shapes.at(*only) {
                Shape::Ground(term) if self.store.op(term) == op => {
                    let terms = self.store.arguments(term).to_vec();
                    let shapes = terms.into_iter().map(|term| self.shapes.ground(term));
                    shapes.collect()
                }
                _ => collapse.arguments.clone(),
            },
            several => several.to_vec(),
        };
        let mut tasks = Vec::new();
        match self.store.theory(op) {
            Theory::Multiset => self.start_multiset(collection, op, &arguments, true, &mut tasks),
            _ => self.start_list(collection, op, &arguments, true, &mut tasks),
        }
        self.run(tasks);
    }
}
