//! What is known of patterns before any subject is.
//!
//! The one idea: a subpattern whose variables are all bound when its turn comes matches in one way,
//! unless it may collapse. So for each pattern the analysis tells what it may become by collapsing,
//! and which variables have one value only once it is matched (constraint propagation).

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::{Index, UNBOUNDED};
use crate::matching::{Shape, ShapeId, Shapes};
use crate::pattern::Variable;
use crate::signature::{OpId, SortId};
use crate::term::{Store, TermId, Theory};

/// Variables that have a value.
pub(super) type Bound = BTreeSet<Index>;

/// What stands on top of a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Head {
    Operator(OpId),
    Variable(SortId),
}

/// What is known of a pattern.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) head: Head,
    pub(super) occurs: Bound,
    /// What may stand on top after it collapsed.
    pub(super) collapses: Vec<Head>,
    /// Once its variables are bound, it matches in one way.
    honors_bindings: bool,
}

impl Facts {
    /// Whether what matches it has its operator on top.
    pub(super) fn is_stable(&self) -> bool {
        matches!(self.head, Head::Operator(_)) && self.collapses.is_empty()
    }

    /// Whether it matches in one way when these variables are bound.
    pub(super) fn grounds_out(&self, bound: &Bound) -> bool {
        self.honors_bindings && self.occurs.is_subset(bound)
    }
}

/// The analysis of the patterns of one statement.
pub(super) struct Analysis<'a> {
    pub(super) store: &'a Store,
    pub(super) shapes: Cow<'a, Shapes>,
    pub(super) variables: &'a [Variable],
    known: HashMap<ShapeId, Rc<Facts>, FxBuildHasher>,
}

impl<'a> Analysis<'a> {
    pub(super) fn new(
        store: &'a Store,
        shapes: &'a Shapes,
        variables: &'a [Variable],
    ) -> Analysis<'a> {
        Analysis {
            store,
            shapes: Cow::Borrowed(shapes),
            variables,
            known: HashMap::default(),
        }
    }

    pub(super) fn sort_of(&self, index: Index) -> SortId {
        self.variables[index].sort
    }

    pub(super) fn is_ground(&self, shape: ShapeId) -> bool {
        matches!(self.shapes.at(shape), Shape::Ground(_))
    }

    /// A constant with its arguments below its operator.
    pub(super) fn opened(&mut self, shape: ShapeId) -> ShapeId {
        match self.is_ground(shape) {
            true => self.shapes.to_mut().opened(self.store, shape),
            false => shape,
        }
    }

    pub(super) fn facts(&mut self, shape: ShapeId) -> Rc<Facts> {
        if let Some(facts) = self.known.get(&shape) {
            return Rc::clone(facts);
        }
        let facts = Rc::new(self.find_facts(shape));
        self.known.insert(shape, Rc::clone(&facts));
        facts
    }

    fn find_facts(&mut self, shape: ShapeId) -> Facts {
        let simple = |head, occurs| Facts {
            head,
            occurs,
            collapses: Vec::new(),
            honors_bindings: true,
        };
        match self.shapes.at(shape).clone() {
            Shape::Variable(variable) => {
                let head = Head::Variable(self.sort_of(variable.index()));
                simple(head, Bound::from([variable.index()]))
            }
            Shape::Ground(term) => simple(Head::Operator(self.store.op(term)), Bound::new()),
            Shape::Iterated { op, argument, .. } => {
                let inner = self.facts(argument);
                Facts {
                    honors_bindings: inner.honors_bindings && !self.is_abstracted(op, argument),
                    ..simple(Head::Operator(op), inner.occurs.clone())
                }
            }
            Shape::Application { op, arguments } => {
                let mut occurs = Bound::new();
                let mut honors_bindings = true;
                for &argument in &arguments {
                    let inner = self.facts(argument);
                    occurs.extend(&inner.occurs);
                    honors_bindings &= inner.honors_bindings && !self.is_abstracted(op, argument);
                }
                Facts {
                    head: Head::Operator(op),
                    occurs,
                    collapses: self.collapses(op, &arguments),
                    honors_bindings,
                }
            }
        }
    }

    /// Whether a variable must stand for an argument of an operator, because the argument may be
    /// the identity or have the operator itself on top.
    pub(super) fn is_abstracted(&mut self, op: OpId, argument: ShapeId) -> bool {
        if matches!(self.shapes.at(argument), Shape::Variable(_)) {
            return false;
        }
        match self.store.theory(op) {
            Theory::List | Theory::Multiset => {
                self.might_be_identity(op, argument) || self.might_become_collection(op, argument)
            }
            Theory::Iterated => self.might_become_collection(op, argument),
            _ => false,
        }
    }

    /// Whether an argument at a place of an application may be the identity and vanish.
    pub(super) fn vanishes_at(&self, op: OpId, place: usize, n_arguments: usize) -> bool {
        let facts = self.store.facts(op);
        facts.right_identity != TermId::NONE && place > 0
            || facts.left_identity != TermId::NONE && place + 1 < n_arguments
    }

    pub(super) fn takes_identity(&self, op: OpId, sort: SortId) -> bool {
        let identity = self.store.facts(op).identity();
        identity != TermId::NONE && self.store.has_sort(identity, sort)
    }

    /// Whether a pattern may match the identity of an operator.
    pub(super) fn might_be_identity(&mut self, op: OpId, shape: ShapeId) -> bool {
        let identity = self.store.facts(op).identity();
        if identity == TermId::NONE {
            return false;
        }
        if let Shape::Ground(term) = *self.shapes.at(shape) {
            return term == identity;
        }
        let facts = self.facts(shape);
        let top = self.store.op(identity);
        let mut heads = std::iter::once(&facts.head).chain(&facts.collapses);
        heads.any(|head| match *head {
            Head::Operator(other) => other == top,
            Head::Variable(sort) => self.store.has_sort(identity, sort),
        })
    }

    /// Whether a pattern may have an operator on top after it collapsed.
    pub(super) fn might_become_collection(&mut self, op: OpId, shape: ShapeId) -> bool {
        let facts = self.facts(shape);
        let is_iterated = self.store.theory(op) == Theory::Iterated;
        facts.collapses.iter().any(|head| match *head {
            Head::Operator(other) => other == op,
            Head::Variable(sort) => is_iterated || most_elements(self.store, op, sort) > 1,
        })
    }

    /// The argument that is left when a collection collapses, if it is always the same; nothing
    /// inside if it can be any; nothing at all if it cannot collapse.
    pub(super) fn kept_argument(
        &mut self,
        op: OpId,
        arguments: &[ShapeId],
    ) -> Option<Option<usize>> {
        let facts = self.store.facts(op);
        if !facts.has_identity() {
            return None;
        }
        let is_multiset = facts.theory == Theory::Multiset;
        let mut kept = None;
        for (place, &argument) in arguments.iter().enumerate() {
            let may_vanish = is_multiset || self.vanishes_at(op, place, arguments.len());
            if may_vanish && self.might_be_identity(op, argument) {
                continue;
            }
            if kept.is_some() {
                return None;
            }
            kept = Some(place);
        }
        Some(kept)
    }

    fn collapses(&mut self, op: OpId, arguments: &[ShapeId]) -> Vec<Head> {
        let facts = self.store.facts(op).clone();
        let mut heads = Vec::new();
        match facts.theory {
            Theory::List | Theory::Multiset => match self.kept_argument(op, arguments) {
                None => {}
                Some(Some(kept)) => self.add_heads(arguments[kept], &mut heads),
                Some(None) => {
                    let is_multiset = facts.theory == Theory::Multiset;
                    for &argument in arguments {
                        let is_same = |other: &&ShapeId| **other == argument;
                        if !is_multiset || arguments.iter().filter(is_same).count() == 1 {
                            self.add_heads(argument, &mut heads);
                        }
                    }
                    if heads.is_empty() {
                        heads.push(Head::Operator(self.store.op(facts.identity())));
                    }
                }
            },
            Theory::Pair => {
                let [first, second] = [arguments[0], arguments[1]];
                let [left, right] = self.vanishing_sides(op, first, second);
                if left {
                    self.add_heads(second, &mut heads);
                }
                if right {
                    self.add_heads(first, &mut heads);
                }
                if facts.idem && !self.match_independently(first, second) {
                    let common = self.common_heads(first, second);
                    heads.extend(common);
                }
            }
            _ => {}
        }
        heads
    }

    fn add_heads(&mut self, shape: ShapeId, heads: &mut Vec<Head>) {
        let facts = self.facts(shape);
        heads.push(facts.head);
        heads.extend(&facts.collapses);
    }

    /// Which sides of a pair may be the identity and vanish.
    pub(super) fn vanishing_sides(
        &mut self,
        op: OpId,
        first: ShapeId,
        second: ShapeId,
    ) -> [bool; 2] {
        let facts = self.store.facts(op);
        let (left, right) = (
            facts.left_identity != TermId::NONE,
            facts.right_identity != TermId::NONE,
        );
        [
            left && self.might_be_identity(op, first),
            right && self.might_be_identity(op, second),
        ]
    }

    /// Whether both sides of an idempotent pair may match the same term.
    pub(super) fn may_merge(&mut self, op: OpId, first: ShapeId, second: ShapeId) -> bool {
        self.store.facts(op).idem
            && !self.match_independently(first, second)
            && !self.common_heads(first, second).is_empty()
    }

    /// What may stand on top of a term that matches both patterns.
    fn common_heads(&mut self, first: ShapeId, second: ShapeId) -> Vec<Head> {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        self.add_heads(first, &mut left);
        self.add_heads(second, &mut right);
        let signature = self.store.signature();
        let agrees = |head: &Head, others: &[Head]| {
            others.iter().any(|other| match (*head, *other) {
                (Head::Operator(op), Head::Operator(other)) => op == other,
                (Head::Operator(op), Head::Variable(sort)) => {
                    let declarations = &signature.operator(op).declarations;
                    declarations.iter().any(|d| signature.leq(d.range, sort))
                        || signature.is_error_sort(sort)
                }
                (Head::Variable(_), Head::Operator(_)) => false,
                (Head::Variable(sort), Head::Variable(other)) => {
                    other == sort || !signature.leq(other, sort)
                }
            })
        };
        let both = [(&left, &right), (&right, &left)];
        both.into_iter()
            .flat_map(|(heads, others)| heads.iter().filter(|head| agrees(head, others)))
            .copied()
            .collect()
    }

    /// Whether a pattern surely fails on whatever matches another one.
    pub(super) fn fails_early(&mut self, shape: ShapeId, other: ShapeId) -> bool {
        if let (
            Shape::Application { op, arguments },
            Shape::Application {
                op: other_op,
                arguments: others,
            },
        ) = (self.shapes.at(shape).clone(), self.shapes.at(other).clone())
            && op == other_op
        {
            return self.store.theory(op) == Theory::Free
                && arguments
                    .iter()
                    .zip(&others)
                    .any(|(&argument, &other)| self.fails_early(argument, other));
        }
        let (facts, others) = (self.facts(shape), self.facts(other));
        facts.is_stable() && others.is_stable() && facts.head != others.head
    }

    pub(super) fn match_independently(&mut self, first: ShapeId, second: ShapeId) -> bool {
        self.fails_early(first, second) && self.fails_early(second, first)
    }

    /// Adds the variables that have one value only once a pattern is matched.
    pub(super) fn propagate(&mut self, shape: ShapeId, bound: &mut Bound) {
        match self.shapes.at(shape).clone() {
            Shape::Ground(_) => {}
            Shape::Variable(variable) => {
                bound.insert(variable.index());
            }
            Shape::Iterated { argument, .. } => self.propagate(argument, bound),
            Shape::Application { op, arguments } => match self.store.theory(op) {
                Theory::List => self.propagate_list(op, &arguments, bound),
                Theory::Multiset => self.propagate_multiset(op, &arguments, bound),
                Theory::Pair => self.propagate_pair(op, [arguments[0], arguments[1]], bound),
                _ => self.propagate_free(shape, bound),
            },
        }
    }

    fn propagate_pair(&mut self, op: OpId, [first, second]: [ShapeId; 2], bound: &mut Bound) {
        let vanishing = self.vanishing_sides(op, first, second);
        if vanishing[0] || vanishing[1] || self.may_merge(op, first, second) {
            return;
        }
        if self.facts(first).grounds_out(bound) || first == second {
            self.propagate(second, bound);
        } else if self.facts(second).grounds_out(bound) {
            self.propagate(first, bound);
        } else if !self.store.facts(op).comm || self.match_independently(first, second) {
            self.is_better_reversed(first, second, bound);
        }
    }

    /// Whether more is bound if the second of two patterns is matched first; adds what is bound.
    pub(super) fn is_better_reversed(
        &mut self,
        first: ShapeId,
        second: ShapeId,
        bound: &mut Bound,
    ) -> bool {
        let mut forward = bound.clone();
        self.propagate(first, &mut forward);
        self.propagate(second, &mut forward);
        let mut reverse = bound.clone();
        self.propagate(second, &mut reverse);
        self.propagate(first, &mut reverse);
        let is_better = reverse.len() > forward.len();
        *bound = if is_better { reverse } else { forward };
        is_better
    }
}

/// Whether elements of a sort, joined, have that sort, too.
pub(super) fn is_closed(store: &Store, op: OpId, sort: SortId) -> bool {
    let signature = store.signature();
    let sorts = &signature.kind(signature.kind_of(sort)).sorts;
    let below = || sorts.iter().filter(|&&other| signature.leq(other, sort));
    below().all(|&a| below().all(|&b| signature.leq(signature.least_sort(op, &[a, b]), sort)))
}

/// The most elements that an application of an associative operator has if it has a sort.
pub(super) fn most_elements(store: &Store, op: OpId, sort: SortId) -> usize {
    let signature = store.signature();
    if signature.is_error_sort(sort) {
        return UNBOUNDED;
    }
    let kind = signature.kind_of(sort);
    if kind != signature.operator(op).range {
        return 1;
    }
    let sorts = &signature.kind(kind).sorts[1..];
    let known = &store.facts(op).most_elements;
    let bounds = known.get_or_init(|| find_most_elements(store, op, sorts));
    let position = sorts.iter().position(|&other| other == sort);
    position.map_or(UNBOUNDED, |position| bounds[position])
}

fn find_most_elements(store: &Store, op: OpId, sorts: &[SortId]) -> Box<[usize]> {
    let signature = store.signature();
    let mut bounds = vec![UNBOUNDED; sorts.len()];
    let (mut bound, mut largest) = (1, 1);
    while bound <= largest {
        let mut joined: Vec<SortId> = store.facts(op).membership_sorts.clone();
        for (left, &left_bound) in sorts.iter().zip(&bounds) {
            for (right, &right_bound) in sorts.iter().zip(&bounds) {
                if left_bound.saturating_add(right_bound) > bound {
                    joined.push(signature.least_sort(op, &[*left, *right]));
                }
            }
        }
        joined.sort_unstable();
        joined.dedup();
        joined.retain(|&sort| !signature.is_error_sort(sort));
        for (&above, known) in sorts.iter().zip(&mut bounds) {
            let is_larger = joined.iter().any(|&sort| signature.leq(sort, above));
            if !is_larger && *known == UNBOUNDED {
                *known = bound;
                largest = 2 * bound;
            }
        }
        bound += 1;
    }
    bounds.into()
}
