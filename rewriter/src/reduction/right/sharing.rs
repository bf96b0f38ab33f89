//! What a statement evaluates once although it needs it several times.
//!
//! The one idea: in Maude the terms of all fragments of a condition and of the right side are one
//! graph, so what is equal is reduced once, in the part that comes first. Here its value stays in a
//! register. An option of a choice may or may not be evaluated: the registers for what is in it are
//! cleared before, and asked afterwards. What a strategy leaves unreduced is not shared with what is
//! reduced.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::compile::OperatorCode;
use super::{Kept, Made, Mode, RightCompiler, Step, Values};
use crate::builtin::Hook;
use crate::matching::{Instruction, LeftCompiler, Register, Shape, ShapeId};
use crate::pattern::{Pattern, VariableId};
use crate::signature::OpId;
use crate::statement::Fragment;

/// The shape of a term that is to be evaluated.
pub(in super::super) fn shape_of(
    left: &mut LeftCompiler<'_>,
    operators: &[OperatorCode],
    term: &Pattern,
) -> ShapeId {
    let nests = |op: OpId| !operators[op.index()].stable;
    left.shapes.normalize_except(left.store, term, nests)
}

/// What a pattern matches only where the strategies of operators leave terms unreduced; given the
/// operator on top of the subject, nothing is reduced in advance there that waits for the top.
pub(in super::super) fn lazy_in(
    left: &LeftCompiler<'_>,
    operators: &[OperatorCode],
    root: ShapeId,
    top: Option<OpId>,
) -> BTreeSet<ShapeId> {
    let (mut lazy, mut eager) = (BTreeSet::new(), BTreeSet::new());
    let late = |op: OpId| operators[op.index()].lazy_arguments;
    let mut pending = vec![(root, true)];
    while let Some((shape, is_eager)) = pending.pop() {
        let is_new = match is_eager {
            true => eager.insert(shape),
            false => lazy.insert(shape),
        };
        match left.shapes.at(shape) {
            _ if !is_new => {}
            Shape::Application { op, arguments } => {
                let unreduced = match top {
                    Some(top) if shape == root && *op == top => late(top),
                    _ => operators[op.index()].unreduced_arguments,
                };
                for (index, &argument) in arguments.iter().enumerate() {
                    let reduced = index >= 32 || unreduced >> index & 1 == 0;
                    pending.push((argument, is_eager && reduced));
                }
            }
            Shape::Iterated { argument, .. } => pending.push((*argument, is_eager)),
            Shape::Variable(_) | Shape::Ground(_) => {}
        }
    }
    lazy.difference(&eager).copied().collect()
}

/// What a pattern matches, except the values of its variables.
pub(in super::super) fn applications_in(
    left: &LeftCompiler<'_>,
    root: ShapeId,
) -> BTreeSet<ShapeId> {
    let mut found = BTreeSet::new();
    let mut pending = vec![root];
    while let Some(shape) = pending.pop() {
        match left.shapes.at(shape) {
            Shape::Application { arguments, .. } if found.insert(shape) => {
                pending.extend(arguments.iter());
            }
            Shape::Iterated { argument, .. } if found.insert(shape) => pending.push(*argument),
            _ => {}
        }
    }
    found
}

impl Mode {
    /// Whether nothing is reduced now.
    pub(super) fn is_built(self) -> bool {
        matches!(self, Mode::Built | Mode::Lazy)
    }
}

impl<'a, 'b> RightCompiler<'a, 'b> {
    /// For a statement with a condition and a right side in pieces.
    pub(in super::super) fn new(
        left: &'b mut LeftCompiler<'a>,
        operators: &'b [OperatorCode],
        lazy: BTreeSet<ShapeId>,
        condition: &[Fragment],
        outputs: &[ShapeId],
    ) -> RightCompiler<'a, 'b> {
        let terms = condition.iter().flat_map(|fragment| match fragment {
            Fragment::Equality { left, right } => [Some(left), Some(right)],
            Fragment::SortTest { term, .. }
            | Fragment::Assignment { term, .. }
            | Fragment::Rewrite { term, .. } => [Some(term), None],
        });
        let shape = |term: &Pattern| shape_of(left, operators, term);
        let mut later: VecDeque<ShapeId> = terms.flatten().map(shape).collect();
        later.extend(outputs);
        let mut compiler = RightCompiler {
            left,
            operators,
            lazy,
            repeated: BTreeSet::new(),
            later,
            kept: Values::new(),
            observed: None,
        };
        compiler.repeated = compiler.repeated_in(compiler.later.clone().into());
        compiler
    }

    /// Whether the condition and the pieces of the right side, so many, evaluate something together
    /// and the rewrites can be seen.
    pub(in super::super) fn has_shared_rewrites(&mut self, n_outputs: usize) -> bool {
        let roots: Vec<ShapeId> = self.later.iter().copied().collect();
        let (condition, outputs) = roots.split_at(roots.len() - n_outputs);
        let outputs = outputs.iter().map(std::slice::from_ref);
        let mut seen = BTreeSet::new();
        for part in std::iter::once(condition).chain(outputs) {
            let found = self.evaluations(part.to_vec());
            if (found.iter()).any(|&shape| seen.contains(&shape) && !self.is_stable(shape)) {
                return true;
            }
            seen.extend(found);
        }
        false
    }

    /// Whether nothing is ever rewritten at the top of a shape.
    fn is_stable(&self, shape: ShapeId) -> bool {
        let op = match self.left.shapes.at(shape) {
            Shape::Application { op, .. } | Shape::Iterated { op, .. } => *op,
            Shape::Ground(term) => self.left.store.op(*term),
            Shape::Variable(_) => return false,
        };
        self.operators[op.index()].stable
    }

    /// The register with the value of a shape, if there surely is one.
    pub(super) fn at_hand(&self, shape: ShapeId) -> Option<Register> {
        let kept = self.kept.get(&shape);
        let made = kept.filter(|kept| kept.made == Made::Yes);
        let made = made.map(|kept| kept.register);
        made.or_else(|| match self.lazy.contains(&shape) {
            true => None,
            false => self.left.register_of_shape(shape),
        })
    }

    /// Whether there may be a register with the value of a shape.
    pub(super) fn may_be_kept(&self, shape: ShapeId) -> bool {
        (self.kept.get(&shape)).is_some_and(|kept| kept.made != Made::No)
    }

    /// Whether the value of a variable may be reducible.
    pub(super) fn is_unreduced(&self, shape: ShapeId, variable: VariableId) -> bool {
        self.lazy.contains(&shape) || self.left.unreduced_part(variable).is_some()
    }

    /// Whether there is something to do to have the value of a shape; if so, what is evaluated, or
    /// may be, for it.
    fn evaluated(&mut self, shape: ShapeId) -> Option<Vec<ShapeId>> {
        match self.left.shapes.at(shape).clone() {
            Shape::Variable(variable) => self.is_unreduced(shape, variable).then(Vec::new),
            Shape::Iterated { argument, .. } => Some(vec![argument]),
            Shape::Ground(term) => (!self.left.store.is_normal(term)).then(|| {
                let terms = self.left.store.arguments(term).to_vec();
                let shapes = terms.into_iter().map(|term| self.left.shapes.ground(term));
                shapes.collect()
            }),
            Shape::Application { op, arguments } => {
                let code = &self.operators[op.index()];
                let lazy = match code.hook {
                    Some(Hook::Branch) => 0,
                    _ => code.lazy_arguments,
                };
                let eager = |index: usize| index >= 32 || lazy >> index & 1 == 0;
                let arguments = arguments.iter().enumerate();
                let arguments = arguments.filter(|&(index, _)| eager(index));
                Some(arguments.map(|(_, &argument)| argument).collect())
            }
        }
    }

    /// What is evaluated and occurs more than once.
    fn repeated_in(&mut self, mut pending: Vec<ShapeId>) -> BTreeSet<ShapeId> {
        let (mut seen, mut repeated) = (BTreeSet::new(), BTreeSet::new());
        while let Some(shape) = pending.pop() {
            if self.at_hand(shape).is_some() {
                continue;
            }
            let Some(inner) = self.evaluated(shape) else {
                continue;
            };
            if seen.insert(shape) {
                pending.extend(inner);
            } else {
                repeated.insert(shape);
            }
        }
        repeated
    }

    /// Whether the value of a shape is needed in what is left to do, or, given a choice, after it.
    pub(super) fn is_needed(
        &mut self,
        shape: ShapeId,
        steps: &[Step],
        after: Option<usize>,
    ) -> bool {
        if !self.repeated.contains(&shape) {
            return false;
        }
        let mut roots: Vec<ShapeId> = self.later.iter().copied().collect();
        let mut tests = Vec::new();
        let mut skipped = after;
        for step in steps.iter().rev() {
            match step {
                Step::End(choice) if skipped == Some(*choice) => skipped = None,
                _ if skipped.is_some() => {}
                Step::Test(choice) => tests.push(*choice),
                // Not on the way from this option.
                Step::Otherwise(choice, _) | Step::Stuck(choice, _) if !tests.contains(choice) => {
                    skipped = Some(*choice);
                }
                Step::Visit(root, mode) if *mode != Mode::Lazy => roots.push(*root),
                _ => {}
            }
        }
        self.evaluations(roots).contains(&shape)
    }

    /// All that may be evaluated for some shapes.
    fn evaluations(&mut self, mut pending: Vec<ShapeId>) -> BTreeSet<ShapeId> {
        let mut found = BTreeSet::new();
        while let Some(shape) = pending.pop() {
            if self.at_hand(shape).is_none()
                && let Some(inner) = self.evaluated(shape)
                && found.insert(shape)
            {
                pending.extend(inner);
            }
        }
        found
    }

    /// Before a choice: clears a register for each value that its options may make and that is needed
    /// after it.
    pub(super) fn clear_perhaps(&mut self, choice: usize, options: &[ShapeId], steps: &[Step]) {
        if self.repeated.is_empty() {
            return;
        }
        for shape in self.evaluations(options.to_vec()) {
            if !self.kept.contains_key(&shape) && self.is_needed(shape, steps, Some(choice)) {
                let register = self.left.new_register();
                self.left.code.emit(Instruction::Clear(register));
                let made = Made::No;
                self.kept.insert(shape, Kept { register, made });
            }
        }
    }

    /// What is kept where another way through the code comes in.
    pub(super) fn join(&mut self, other: &Values) {
        let both: BTreeMap<_, _> = (self.kept.iter())
            .filter_map(|(shape, here)| {
                let there = other.get(shape)?;
                let made = match here.made == there.made {
                    true => here.made,
                    false => Made::Perhaps,
                };
                let register = here.register;
                (register == there.register).then_some((*shape, Kept { register, made }))
            })
            .collect();
        self.kept = both;
    }
}
