//! Multiset patterns: which elements are found at once, and in which order the others are looked
//! for.
//!
//! The one idea: a pattern that cannot match what another one matches may take its element for good;
//! patterns that share variables follow each other, so that what one binds narrows the next.

use super::analysis::{Analysis, Bound, is_closed, most_elements};
use super::build::Builder;
use super::list::TopVariable;
use super::multiset::Multiset;
use super::{Automaton, UNBOUNDED};
use crate::matching::{Shape, ShapeId};
use crate::signature::OpId;

/// An order in which patterns take elements.
#[derive(Clone)]
struct Order {
    sequence: Vec<ShapeId>,
    /// So many of them, the first, are independent of the others.
    n_independent: usize,
    bound: Bound,
}

impl Analysis<'_> {
    pub(super) fn propagate_multiset(
        &mut self,
        op: OpId,
        arguments: &[ShapeId],
        bound: &mut Bound,
    ) {
        let mut others = Vec::new();
        let mut open = None;
        for (argument, _) in grouped(arguments) {
            if self.is_abstracted(op, argument) {
                return;
            }
            if self.facts(argument).grounds_out(bound) {
                continue;
            }
            if open.is_some() {
                return;
            }
            match *self.shapes.at(argument) {
                Shape::Variable(_) if !others.is_empty() => return,
                Shape::Variable(variable) => open = Some(variable.index()),
                _ => others.push(argument),
            }
        }
        bound.extend(open);
        if !others.is_empty() {
            *bound = self.independent_order(&others, bound).bound;
        }
    }

    /// The best order of patterns when there are no variables beside them.
    fn independent_order(&mut self, others: &[ShapeId], bound: &Bound) -> Order {
        let start = Order {
            sequence: others.to_vec(),
            n_independent: 0,
            bound: bound.clone(),
        };
        let mut best = None;
        self.find_independent(start.clone(), &mut best);
        best.unwrap_or(start)
    }

    fn find_independent(&mut self, order: Order, best: &mut Option<Order>) {
        let step = order.n_independent;
        let n_others = order.sequence.len();
        let mut has_expanded = false;
        for chosen in step..n_others {
            let shape = order.sequence[chosen];
            let steals = (step..n_others)
                .any(|other| other != chosen && !self.fails_early(shape, order.sequence[other]));
            if steals {
                continue;
            }
            let mut next = order.clone();
            next.sequence.swap(step, chosen);
            next.n_independent += 1;
            self.propagate(shape, &mut next.bound);
            let new: Bound = next.bound.difference(&order.bound).copied().collect();
            let mut helps = false;
            if !new.is_empty() {
                for other in next.n_independent..n_others {
                    let facts = self.facts(next.sequence[other]);
                    if facts.grounds_out(&next.bound) {
                        next.sequence.swap(next.n_independent, other);
                        next.n_independent += 1;
                        helps = true;
                    }
                    helps |= !new.is_disjoint(&facts.occurs);
                }
            }
            let unbound: Bound = (self.facts(shape).occurs)
                .difference(&next.bound)
                .copied()
                .collect();
            let may_wait = next.sequence[next.n_independent..]
                .iter()
                .any(|&other| !unbound.is_disjoint(&self.facts(other).occurs));
            if !may_wait {
                return self.find_independent(next, best);
            }
            if !has_expanded || helps {
                self.find_independent(next, best);
                has_expanded = true;
            }
        }
        if has_expanded {
            return;
        }
        let rank = |order: &Order| (order.bound.len(), order.n_independent);
        if best.as_ref().is_none_or(|best| rank(&order) > rank(best)) {
            *best = Some(order);
        }
    }

    /// Lets patterns that bind variables of others come first.
    fn order_by_shared(&mut self, sequence: &mut [ShapeId], step: usize, bound: &Bound) {
        let mut bound = bound.clone();
        for &shape in &sequence[..step] {
            bound.extend(&self.facts(shape).occurs);
        }
        let (mut shared, mut seen) = (Bound::new(), Bound::new());
        for &shape in &sequence[step..] {
            let occurs = &self.facts(shape).occurs;
            shared.extend(seen.intersection(occurs));
            seen.extend(occurs);
        }
        if shared.is_empty() {
            return;
        }
        for first in step..sequence.len().saturating_sub(1) {
            let (mut best, mut most) = (None, 0);
            for (number, &shape) in sequence.iter().enumerate().skip(first) {
                let occurs = &self.facts(shape).occurs;
                let is_new = |index: &&usize| shared.contains(index) && !bound.contains(index);
                let n_new = occurs.iter().filter(is_new).count();
                if n_new > most {
                    (best, most) = (Some(number), n_new);
                }
            }
            let Some(best) = best else {
                break;
            };
            sequence.swap(first, best);
            bound.extend(&self.facts(sequence[first]).occurs);
        }
    }
}

impl Builder<'_> {
    pub(super) fn build_multiset(
        &mut self,
        op: OpId,
        arguments: &[ShapeId],
        at_top: bool,
        context: &Bound,
        bound: &mut Bound,
    ) -> Automaton {
        let arguments = grouped(arguments);
        let distinct: Vec<ShapeId> = arguments.iter().map(|&(shape, _)| shape).collect();
        let written: Vec<ShapeId> = (arguments.iter())
            .flat_map(|&(shape, n_copies)| std::iter::repeat_n(shape, n_copies))
            .collect();
        let collapse = match self.analysis.kept_argument(op, &written) {
            Some(Some(place)) => {
                let kept = distinct.iter().position(|&shape| shape == written[place]);
                self.build_kept(&distinct, kept.unwrap_or(0), at_top, context, bound)
            }
            Some(None) => Some(super::collapse::Collapse::Any),
            None => None,
        };
        let mut multiset = Multiset {
            op,
            at_top,
            collapse,
            variables: Vec::new(),
            grounds: Vec::new(),
            grounded: Vec::new(),
            others: Vec::new(),
            n_independent: 0,
            only_others: false,
            is_greedy: true,
            is_open: false,
            bounds: (0, if at_top { UNBOUNDED } else { 0 }),
        };
        let mut others: Vec<(ShapeId, usize)> = Vec::new();
        let (mut open, mut n_open, mut n_abstracted) = (None, 0, 0);
        for (place, &(shape, n_copies)) in arguments.iter().enumerate() {
            if let Shape::Variable(variable) = *self.analysis.shapes.at(shape) {
                let index = variable.index();
                let sort = self.analysis.sort_of(index);
                multiset.variables.push(TopVariable {
                    index,
                    sort,
                    multiplicity: n_copies,
                    most: most_elements(self.analysis.store, op, sort),
                    takes_identity: self.analysis.takes_identity(op, sort),
                    is_awkward: false,
                    is_closed: is_closed(self.analysis.store, op, sort),
                    abstracted: None,
                });
                if !bound.contains(&index) {
                    open = Some(index);
                    n_open += 1;
                    let context = self.context_of(&distinct, place, context);
                    multiset.is_greedy &= !self.is_wanted(index) && !context.contains(&index);
                }
                continue;
            }
            let context = self.context_of(&distinct, place, context);
            if self.analysis.is_abstracted(op, shape) {
                let automaton = self.build(shape, false, &context, &mut bound.clone());
                multiset.variables.push(TopVariable {
                    multiplicity: n_copies,
                    takes_identity: self.analysis.might_be_identity(op, shape),
                    ..self.abstraction(op, shape, automaton)
                });
                n_abstracted += 1;
                multiset.is_greedy = false;
            } else if let Shape::Ground(term) = *self.analysis.shapes.at(shape) {
                multiset.grounds.push((term, n_copies));
            } else if self.analysis.facts(shape).grounds_out(bound) {
                let automaton = self.build(shape, false, &context, bound);
                multiset.grounded.push((automaton, n_copies));
            } else {
                multiset.is_greedy &= self.is_greedy_safe(shape, &context, bound);
                others.push((shape, n_copies));
            }
        }
        if others.is_empty() {
            multiset.is_open = !multiset.is_greedy;
            if !at_top && n_open == 1 && n_abstracted == 0 {
                bound.extend(open);
                multiset.is_open = false;
            }
        } else {
            multiset.only_others = !at_top && n_open == 0 && n_abstracted == 0;
            self.build_others(&mut multiset, &others, &distinct, context, bound);
            let is_open = |(automaton, _): &(Automaton, usize)| automaton.is_open();
            let some_open = multiset.others.iter().any(is_open);
            multiset.is_greedy &= !multiset.only_others && !some_open;
            multiset.is_open = match multiset.only_others {
                true => some_open || multiset.n_independent < multiset.others.len(),
                false => !multiset.is_greedy,
            };
        }
        let position = |variable: &TopVariable| {
            let signature = self.analysis.store.signature();
            signature.sort(variable.sort).position
        };
        (multiset.variables)
            .sort_by_key(|variable| std::cmp::Reverse((variable.multiplicity, position(variable))));
        let mut add = |least: usize, most: usize| {
            multiset.bounds.0 += least;
            multiset.bounds.1 = multiset.bounds.1.saturating_add(most);
        };
        for variable in &multiset.variables {
            let most = variable.most.saturating_mul(variable.multiplicity);
            add(variable.least() * variable.multiplicity, most);
        }
        for &(_, n_copies) in &multiset.grounds {
            add(n_copies, n_copies);
        }
        for (_, n_copies) in multiset.grounded.iter().chain(&multiset.others) {
            add(*n_copies, *n_copies);
        }
        Automaton::Multiset(multiset)
    }

    /// The patterns that are neither variables nor known when their turn comes.
    fn build_others(
        &mut self,
        multiset: &mut Multiset,
        others: &[(ShapeId, usize)],
        distinct: &[ShapeId],
        context: &Bound,
        bound: &mut Bound,
    ) {
        let mut sequence: Vec<ShapeId> = others.iter().map(|&(shape, _)| shape).collect();
        if multiset.only_others {
            let order = self.analysis.independent_order(&sequence, bound);
            (sequence, multiset.n_independent) = (order.sequence, order.n_independent);
        }
        let mut is_ordered = false;
        for number in 0..sequence.len() {
            let is_independent = number < multiset.n_independent;
            if !is_independent && !std::mem::replace(&mut is_ordered, true) {
                let step = multiset.n_independent;
                self.analysis.order_by_shared(&mut sequence, step, bound);
            }
            let shape = sequence[number];
            let place = distinct.iter().position(|&other| other == shape);
            let context = self.context_of(distinct, place.unwrap_or(0), context);
            let mut local = bound.clone();
            let automaton = self.build(shape, false, &context, &mut local);
            if is_independent {
                *bound = local;
            }
            let n_copies = others.iter().find(|(other, _)| *other == shape);
            multiset
                .others
                .push((automaton, n_copies.map_or(1, |&(_, n_copies)| n_copies)));
        }
    }
}

/// Equal arguments together, each with the number of its copies.
fn grouped(arguments: &[ShapeId]) -> Vec<(ShapeId, usize)> {
    let mut groups: Vec<(ShapeId, usize)> = Vec::new();
    for &argument in arguments {
        match groups.iter_mut().find(|(other, _)| *other == argument) {
            Some((_, n_copies)) => *n_copies += 1,
            None => groups.push((argument, 1)),
        }
    }
    groups
}
