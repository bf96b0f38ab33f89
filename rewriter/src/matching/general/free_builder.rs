//! Free patterns: the skeleton, and the order of what stands below it.
//!
//! The one idea: a subpattern that binds variables of others comes before them, so that they match
//! in fewer ways.

use super::Automaton;
use super::analysis::{Analysis, Bound};
use super::build::Builder;
use super::free::{Free, Place};
use crate::matching::{Shape, ShapeId};
use crate::signature::OpId;
use crate::term::Theory;

impl Builder<'_> {
    pub(super) fn build_free(
        &mut self,
        op: OpId,
        shape: ShapeId,
        context: &Bound,
        bound: &mut Bound,
    ) -> Automaton {
        let mut free = Free {
            op,
            skeleton: Vec::new(),
            variables: Vec::new(),
            grounds: Vec::new(),
            others: Vec::new(),
        };
        let parts = self.analysis.below_skeleton(shape, &mut free.skeleton);
        let mut others: Vec<(Place, ShapeId)> = Vec::new();
        for &(place, part) in &parts {
            match *self.analysis.shapes.at(part) {
                Shape::Variable(variable) => {
                    let index = variable.index();
                    bound.insert(index);
                    let sort = self.analysis.sort_of(index);
                    free.variables.push((place, index, sort));
                }
                Shape::Ground(term) => free.grounds.push((place, term)),
                _ => others.push((place, part)),
            }
        }
        let all: Vec<ShapeId> = parts.iter().map(|&(_, part)| part).collect();
        let order = self.analysis.best_sequence(&others, bound).0;
        for number in order {
            let (place, part) = others[number];
            let here = parts.iter().position(|&other| other == (place, part));
            let context = self.context_of(&all, here.unwrap_or(0), context);
            let automaton = self.build(part, false, &context, bound);
            free.others.push((place, automaton));
        }
        Automaton::Free(free)
    }
}

impl Analysis<'_> {
    /// What stands directly below the free operators on top of a pattern, and where.
    fn below_skeleton(
        &self,
        shape: ShapeId,
        skeleton: &mut Vec<(Place, OpId)>,
    ) -> Vec<(Place, ShapeId)> {
        let mut parts = Vec::new();
        let mut pending = vec![((0, 0), shape)];
        let mut is_root = true;
        while let Some((place, shape)) = pending.pop() {
            let Shape::Application { op, arguments } = self.shapes.at(shape) else {
                parts.push((place, shape));
                continue;
            };
            if self.store.theory(*op) != Theory::Free {
                parts.push((place, shape));
                continue;
            }
            if !std::mem::replace(&mut is_root, false) {
                skeleton.push((place, *op));
            }
            let node = skeleton.len();
            let arguments = arguments.iter().enumerate().rev();
            pending.extend(arguments.map(|(number, &argument)| ((node, number), argument)));
        }
        parts
    }

    pub(super) fn propagate_free(&mut self, shape: ShapeId, bound: &mut Bound) {
        let mut others = Vec::new();
        for (place, part) in self.below_skeleton(shape, &mut Vec::new()) {
            match *self.shapes.at(part) {
                Shape::Variable(variable) => {
                    bound.insert(variable.index());
                }
                Shape::Ground(_) => {}
                _ => others.push((place, part)),
            }
        }
        if !others.is_empty() {
            *bound = self.best_sequence(&others, bound).1;
        }
    }

    /// The order in which subpatterns are best matched, and what is bound then.
    fn best_sequence(&mut self, others: &[(Place, ShapeId)], bound: &Bound) -> (Vec<usize>, Bound) {
        let shapes: Vec<ShapeId> = others.iter().map(|&(_, shape)| shape).collect();
        let mut best = None;
        let sequence = (0..others.len()).collect();
        self.find_sequence(&shapes, sequence, bound.clone(), 0, &mut best);
        best.unwrap_or_default()
    }

    fn find_sequence(
        &mut self,
        shapes: &[ShapeId],
        mut sequence: Vec<usize>,
        bound: Bound,
        step: usize,
        best: &mut Option<(Vec<usize>, Bound)>,
    ) {
        let (first, mut step) = (step, step);
        for number in first..sequence.len() {
            if self.facts(shapes[sequence[number]]).grounds_out(&bound) {
                sequence.swap(step, number);
                step += 1;
            }
        }
        if step >= sequence.len() {
            if best
                .as_ref()
                .is_none_or(|(_, other)| bound.len() > other.len())
            {
                *best = Some((sequence, bound));
            }
            return;
        }
        let mut after: Vec<Bound> = vec![bound.clone(); sequence.len()];
        for number in step..sequence.len() {
            let shape = shapes[sequence[number]];
            self.propagate(shape, &mut after[number]);
            let unbound = &self.facts(shape).occurs - &after[number];
            if !self.occurs_in_others(shapes, &sequence[step..], number - step, &unbound) {
                sequence.swap(step, number);
                let bound = after.swap_remove(number);
                return self.find_sequence(shapes, sequence, bound, step + 1, best);
            }
        }
        let mut has_expanded = false;
        for (number, after) in after.iter().enumerate().skip(step) {
            let new = after - &bound;
            if self.occurs_in_others(shapes, &sequence[step..], number - step, &new) {
                let mut next = sequence.clone();
                next.swap(step, number);
                self.find_sequence(shapes, next, after.clone(), step + 1, best);
                has_expanded = true;
            }
        }
        if !has_expanded {
            let union = after[step..].iter().flatten().copied().collect();
            let n_shapes = sequence.len();
            self.find_sequence(shapes, sequence, union, n_shapes, best);
        }
    }

    /// Whether some variables occur in other patterns than this one.
    fn occurs_in_others(
        &mut self,
        shapes: &[ShapeId],
        sequence: &[usize],
        this: usize,
        variables: &Bound,
    ) -> bool {
        let mut others = sequence.iter().enumerate();
        others.any(|(number, &other)| {
            number != this && !variables.is_disjoint(&self.facts(shapes[other]).occurs)
        })
    }
}
