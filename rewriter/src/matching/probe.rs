//! Probes: cheap looks inside an element that tell most that cannot match from those that may.
//!
//! The one idea: a path leads from a term through arguments of free operators, the only element of
//! a multiset with a certain operator, and the first element of a list, to a place where a pattern
//! has an operator; a term with another one there does not match. Looking costs a few reads,
//! trying to match costs a choice and its undoing.

use super::{Shape, ShapeId, Shapes};
use crate::signature::OpId;
use crate::term::{Store, TermId, Theory};

/// A step from a term to one inside it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum PathStep {
    /// An argument of this free operator.
    Argument(OpId, u16),
    /// The only element with the second operator, of a multiset with the first.
    Element(OpId, OpId),
    /// The first element of a list with this operator.
    First(OpId),
}

/// What a path leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// A term with this operator.
    Operator(OpId),
    /// There is no such element.
    Nothing,
    /// Another operator stands on the way.
    Elsewhere,
    /// There are several such elements.
    Several,
}

/// Follows a path.
#[inline]
pub(crate) fn follow(store: &Store, term: TermId, steps: &[PathStep]) -> Found {
    let mut term = term;
    for step in steps {
        match *step {
            PathStep::Argument(op, index) => {
                if store.op(term) != op {
                    return Found::Elsewhere;
                }
                term = store.payload(term)[index as usize];
            }
            PathStep::Element(op, element) => {
                let top = store.op(term);
                if top == op {
                    if store.is_rope(term) {
                        return Found::Several;
                    }
                    // Elements with one operator stand side by side.
                    let is_it = |&argument: &TermId| store.op(argument) == element;
                    let mut from_first = store.payload(term).iter().skip_while(|id| !is_it(id));
                    let Some(&found) = from_first.next() else {
                        return Found::Nothing;
                    };
                    if from_first.next().is_some_and(is_it) {
                        return Found::Several;
                    }
                    term = found;
                } else if top != element {
                    return Found::Nothing;
                }
            }
            PathStep::First(op) => {
                if store.op(term) == op {
                    term = store.elements(op, &term).at(0);
                } else if term == store.facts(op).identity() {
                    return Found::Nothing;
                }
            }
        }
    }
    Found::Operator(store.op(term))
}

/// A path and the operator that a pattern has at its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Probe {
    steps: Vec<PathStep>,
    op: OpId,
}

impl Probe {
    /// Whether a term may match the pattern.
    #[inline]
    pub(crate) fn allows(&self, store: &Store, term: TermId) -> bool {
        match follow(store, term, &self.steps) {
            Found::Operator(op) => op == self.op,
            Found::Several => true,
            Found::Nothing | Found::Elsewhere => false,
        }
    }
}

const LONGEST: usize = 8;
const MOST: usize = 3;

/// The most telling probes of a pattern with a free operator on top, deepest first.
pub(crate) fn probes(store: &Store, shapes: &Shapes, root: ShapeId) -> Vec<Probe> {
    let mut found: Vec<Probe> = Vec::new();
    let mut pending: Vec<(ShapeId, Vec<PathStep>)> = vec![(root, Vec::new())];
    while let Some((shape, steps)) = pending.pop() {
        let op = match shapes.at(shape) {
            Shape::Variable(_) => continue,
            Shape::Ground(term) => store.op(*term),
            Shape::Iterated { op, .. } | Shape::Application { op, .. } => *op,
        };
        let before = pending.len();
        if steps.len() < LONGEST
            && let Shape::Application { op, arguments } = shapes.at(shape)
        {
            let to = |step: PathStep| {
                let mut longer = steps.clone();
                longer.push(step);
                longer
            };
            match store.theory(*op) {
                Theory::Free => {
                    for (index, &argument) in arguments.iter().enumerate() {
                        pending.push((argument, to(PathStep::Argument(*op, index as u16))));
                    }
                }
                Theory::Multiset => {
                    for &argument in arguments {
                        if let Some(element) = only_element(store, shapes, arguments, argument) {
                            pending.push((argument, to(PathStep::Element(*op, element))));
                        }
                    }
                }
                Theory::List if !matches!(shapes.at(arguments[0]), Shape::Variable(_)) => {
                    pending.push((arguments[0], to(PathStep::First(*op))));
                }
                _ => {}
            }
        }
        let is_variable =
            |(shape, _): &(ShapeId, Vec<PathStep>)| matches!(shapes.at(*shape), Shape::Variable(_));
        let goes_on = pending[before..].iter().any(|next| !is_variable(next));
        let is_ground = matches!(shapes.at(shape), Shape::Ground(_));
        let is_firm = is_ground || !store.facts(op).may_collapse();
        if !goes_on && is_firm && !steps.is_empty() {
            found.push(Probe { steps, op });
        }
    }
    found.sort_by_key(|probe| std::cmp::Reverse(probe.steps.len()));
    found.truncate(MOST);
    found
}

/// The free operator of an argument, if no other argument has it.
fn only_element(
    store: &Store,
    shapes: &Shapes,
    arguments: &[ShapeId],
    argument: ShapeId,
) -> Option<OpId> {
    let operator = |id: ShapeId| match shapes.at(id) {
        Shape::Application { op, .. } if store.theory(*op) == Theory::Free => Some(*op),
        _ => None,
    };
    let op = operator(argument)?;
    let n_same = arguments
        .iter()
        .filter(|&&other| operator(other) == Some(op))
        .count();
    (n_same == 1).then_some(op)
}
