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
    /// What is left: a variable, or something with that operator on top.
    kept: ShapeId,
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
            let kept = arguments[kept];
            let fits = match self.shapes.at(kept) {
                Shape::Variable(variable) => !vanishing.contains(variable),
                Shape::Application { op: inner, .. } => *inner == op,
                Shape::Ground(term) => self.store.op(*term) == op,
                Shape::Iterated { .. } => false,
            };
            fits.then_some(Collapse {
                op,
                kept,
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
        let Collapse { op, kept, .. } = *collapse;
        if !matches!(self.shapes.at(kept), Shape::Variable(_)) {
            self.match_register(kept, source, true);
            return;
        }
        let collection = self.code.collection(Collection { source, op });
        let mut tasks = Vec::new();
        match self.store.theory(op) {
            Theory::Multiset => self.start_multiset(collection, op, &[kept], true, &mut tasks),
            _ => self.start_list(collection, op, &[kept], true, &mut tasks),
        }
        self.run(tasks);
    }
}
