//! List patterns: which parts are rigid, and in which order they are taken.
//!
//! The one idea: parts are taken from both ends as long as each matches in one way; among the orders
//! of doing so, the one is chosen that binds the most variables.

use std::sync::Arc;

use super::analysis::{Analysis, Bound, is_closed, most_elements};
use super::build::Builder;
use super::collapse::Collapse;
use super::list::{List, Part, TopVariable};
use super::{Automaton, Index, UNBOUNDED};
use crate::matching::{Shape, ShapeId};
use crate::signature::{OpId, SortId};

/// An order in which parts are taken from the ends.
#[derive(Clone, Default)]
struct Order {
    /// Each from the left or from the right.
    from_left: Vec<bool>,
    bound: Bound,
    /// The first part that is not taken.
    first_left: usize,
}

impl Analysis<'_> {
    pub(super) fn propagate_list(&mut self, op: OpId, arguments: &[ShapeId], bound: &mut Bound) {
        let order = self.best_order(op, arguments, bound);
        *bound = order.bound;
        let facts = self.store.facts(op);
        let is_one_sided = facts.left_identity != facts.right_identity;
        if order.from_left.len() + 1 == arguments.len() && !is_one_sided {
            self.propagate(arguments[order.first_left], bound);
        }
    }

    fn best_order(&mut self, op: OpId, arguments: &[ShapeId], bound: &Bound) -> Order {
        let mut best: Option<Order> = None;
        let start = Order {
            bound: bound.clone(),
            ..Order::default()
        };
        self.find_order(op, arguments, start, (0, arguments.len()), &mut best);
        best.unwrap_or_default()
    }

    fn find_order(
        &mut self,
        op: OpId,
        arguments: &[ShapeId],
        order: Order,
        (left, right): (usize, usize),
        best: &mut Option<Order>,
    ) {
        let taken = |order: &Order, from_left: bool, bound: Bound| {
            let mut longer = order.clone();
            longer.from_left.push(from_left);
            longer.bound = bound;
            longer
        };
        if left < right {
            let ends = [(true, left), (false, right - 1)];
            let mut is_open = [false; 2];
            for (number, (from_left, place)) in ends.into_iter().enumerate() {
                let shape = arguments[place];
                is_open[number] = (from_left || left + 1 < right)
                    && !self.may_take_several(op, shape, place, arguments.len());
                if is_open[number] && self.facts(shape).occurs.is_subset(&order.bound) {
                    let next = taken(&order, from_left, order.bound.clone());
                    let span = if from_left {
                        (left + 1, right)
                    } else {
                        (left, right - 1)
                    };
                    return self.find_order(op, arguments, next, span, best);
                }
            }
            for (from_left, place) in ends {
                let Shape::Variable(variable) = *self.shapes.at(arguments[place]) else {
                    continue;
                };
                if (from_left || left + 1 < right)
                    && self.is_single(op, variable.index(), place, arguments.len())
                {
                    let mut bound = order.bound.clone();
                    bound.insert(variable.index());
                    let next = taken(&order, from_left, bound);
                    let span = if from_left {
                        (left + 1, right)
                    } else {
                        (left, right - 1)
                    };
                    return self.find_order(op, arguments, next, span, best);
                }
            }
            let mut has_grown = false;
            for (number, (from_left, place)) in ends.into_iter().enumerate() {
                let is_variable = matches!(self.shapes.at(arguments[place]), Shape::Variable(_));
                let complete = best.as_ref();
                let complete =
                    complete.is_some_and(|best| best.from_left.len() + 1 >= arguments.len());
                if number == 1 && complete {
                    return;
                }
                if is_open[number] && !is_variable {
                    let mut bound = order.bound.clone();
                    self.propagate(arguments[place], &mut bound);
                    let next = taken(&order, from_left, bound);
                    let span = if from_left {
                        (left + 1, right)
                    } else {
                        (left, right - 1)
                    };
                    self.find_order(op, arguments, next, span, best);
                    has_grown = true;
                }
            }
            if has_grown {
                return;
            }
        }
        let is_better = best.as_ref().is_none_or(|best| {
            (order.bound.len(), order.from_left.len()) > (best.bound.len(), best.from_left.len())
        });
        if is_better {
            *best = Some(Order {
                first_left: left,
                ..order
            });
        }
    }

    /// Whether a part that is no variable may be more than an element, or none.
    fn may_take_several(
        &mut self,
        op: OpId,
        shape: ShapeId,
        place: usize,
        n_arguments: usize,
    ) -> bool {
        if matches!(self.shapes.at(shape), Shape::Variable(_)) {
            return false;
        }
        self.might_become_collection(op, shape)
            || self.vanishes_at(op, place, n_arguments) && self.might_be_identity(op, shape)
    }

    /// Whether a variable takes one element, always.
    fn is_single(&self, op: OpId, index: Index, place: usize, n_arguments: usize) -> bool {
        let sort = self.sort_of(index);
        most_elements(self.store, op, sort) == 1
            && !(self.vanishes_at(op, place, n_arguments) && self.takes_identity(op, sort))
    }
}

impl Builder<'_> {
    pub(super) fn build_list(
        &mut self,
        op: OpId,
        arguments: &[ShapeId],
        at_top: bool,
        context: &Bound,
        bound: &mut Bound,
    ) -> Automaton {
        let collapse = self.build_collapse(op, arguments, at_top, context, bound);
        let facts = self.analysis.store.facts(op);
        let is_one_sided = facts.left_identity != facts.right_identity;
        let (mut left, mut right) = (0, arguments.len());
        let mut rigid = Vec::new();
        if !at_top {
            let order = self.analysis.best_order(op, arguments, bound);
            for from_left in order.from_left {
                let place = match from_left {
                    true => left,
                    false => right - 1,
                };
                match from_left {
                    true => left += 1,
                    false => right -= 1,
                }
                let part = self.rigid_part(op, arguments, place, context, bound);
                rigid.push((part, from_left));
            }
        }
        let mut flexible = Vec::new();
        let mut is_greedy = !is_one_sided && (!at_top || collapse.is_none());
        let bound_before = bound.clone();
        let is_lone = !at_top && right - left == 1 && !is_one_sided;
        for place in left..right {
            let part = self.flexible_part(op, arguments, place, (at_top, is_lone), context, bound);
            flexible.push(part);
            let context = self.context_of(arguments, place, context);
            is_greedy &= self.is_greedy_safe(arguments[place], &context, &bound_before);
        }
        is_greedy &= flexible.iter().all(|part| match part {
            Part::Variable(variable) => {
                let is_bound = bound_before.contains(&variable.index);
                let may_be_several = variable.takes_identity || variable.most > 1;
                variable.abstracted.is_none()
                    && !variable.is_awkward
                    && (!may_be_several || is_bound || variable.is_closed)
            }
            Part::Ground(_) => true,
            Part::Element(automaton) => !automaton.is_open(),
        });
        let is_rigid_open = rigid.iter().any(|(part, _)| match part {
            Part::Element(automaton) => automaton.is_open(),
            _ => false,
        });
        let is_open = is_rigid_open
            || match flexible.as_slice() {
                [] => false,
                [Part::Variable(variable)] if is_lone => variable.abstracted.is_some(),
                _ => !is_greedy,
            };
        let sum = |bounds: (usize, usize), part: &Part| {
            let (least, most) = part.bounds();
            (bounds.0 + least, bounds.1.saturating_add(most))
        };
        let start = (0, if at_top { UNBOUNDED } else { 0 });
        let rest = flexible.iter().fold(start, sum);
        let whole = rigid.iter().map(|(part, _)| part).fold(rest, sum);
        Automaton::List(List {
            op,
            at_top,
            is_greedy,
            is_open,
            collapse,
            rigid,
            flexible,
            whole,
            rest,
        })
    }

    /// The way in which a collection collapses.
    pub(super) fn build_collapse(
        &mut self,
        op: OpId,
        arguments: &[ShapeId],
        at_top: bool,
        context: &Bound,
        bound: &Bound,
    ) -> Option<Collapse> {
        match self.analysis.kept_argument(op, arguments)? {
            None => Some(Collapse::Any),
            Some(kept) => {
                let context = self.context_of(arguments, kept, context);
                let automaton = self.build(arguments[kept], at_top, &context, &mut bound.clone());
                Some(Collapse::Only(Box::new(automaton)))
            }
        }
    }

    fn rigid_part(
        &mut self,
        op: OpId,
        arguments: &[ShapeId],
        place: usize,
        context: &Bound,
        bound: &mut Bound,
    ) -> Part {
        match *self.analysis.shapes.at(arguments[place]) {
            Shape::Ground(term) => Part::Ground(term),
            Shape::Variable(variable) => {
                bound.insert(variable.index());
                let vanishes = self.analysis.vanishes_at(op, place, arguments.len());
                Part::Variable(self.top_variable(op, variable.index(), vanishes, false))
            }
            _ => {
                let context = self.context_of(arguments, place, context);
                Part::Element(self.build(arguments[place], false, &context, bound))
            }
        }
    }

    fn flexible_part(
        &mut self,
        op: OpId,
        arguments: &[ShapeId],
        place: usize,
        (at_top, is_lone): (bool, bool),
        context: &Bound,
        bound: &mut Bound,
    ) -> Part {
        let shape = arguments[place];
        let vanishes = self.analysis.vanishes_at(op, place, arguments.len());
        if let Shape::Variable(variable) = *self.analysis.shapes.at(shape) {
            let part = self.top_variable(op, variable.index(), vanishes, at_top);
            if is_lone {
                bound.insert(variable.index());
            }
            return Part::Variable(part);
        }
        let is_abstracted = self.analysis.is_abstracted(op, shape);
        if let (Shape::Ground(term), false) = (self.analysis.shapes.at(shape), is_abstracted) {
            return Part::Ground(*term);
        }
        let context = self.context_of(arguments, place, context);
        let mut local = bound.clone();
        let automaton = self.build(shape, false, &context, &mut local);
        if is_lone {
            *bound = local;
        }
        if !is_abstracted {
            return Part::Element(automaton);
        }
        let is_identity = self.analysis.might_be_identity(op, shape);
        Part::Variable(TopVariable {
            takes_identity: is_identity && vanishes,
            is_awkward: is_identity && !vanishes && at_top,
            ..self.abstraction(op, shape, automaton)
        })
    }

    fn top_variable(&self, op: OpId, index: Index, vanishes: bool, at_top: bool) -> TopVariable {
        let sort = self.analysis.sort_of(index);
        let takes_identity = self.analysis.takes_identity(op, sort);
        TopVariable {
            index,
            sort,
            multiplicity: 1,
            most: most_elements(self.analysis.store, op, sort),
            takes_identity: takes_identity && vanishes,
            is_awkward: takes_identity && !vanishes && at_top,
            is_closed: is_closed(self.analysis.store, op, sort),
            abstracted: None,
        }
    }

    /// A variable that stands for a subpattern.
    pub(super) fn abstraction(
        &mut self,
        op: OpId,
        shape: ShapeId,
        automaton: Automaton,
    ) -> TopVariable {
        let becomes_op = self.analysis.might_become_collection(op, shape);
        TopVariable {
            index: self.new_index(),
            sort: self.error_sort(op),
            multiplicity: 1,
            most: if becomes_op { UNBOUNDED } else { 1 },
            takes_identity: false,
            is_awkward: false,
            is_closed: false,
            abstracted: Some(Arc::new(automaton)),
        }
    }

    /// The error sort of the kind of an operator.
    pub(super) fn error_sort(&self, op: OpId) -> SortId {
        let signature = self.analysis.store.signature();
        signature.kind(signature.operator(op).range).sorts[0]
    }
}
