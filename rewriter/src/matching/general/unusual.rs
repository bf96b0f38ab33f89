//! Which patterns are matched in the general way.
//!
//! The one idea: the compiled programs find the matchers of nearly all patterns in Maude's order. For
//! the axioms and the forms listed here they would not.

use std::collections::BTreeSet;

use super::analysis::{Analysis, Head, most_elements};
use crate::matching::{Shape, ShapeId, Shapes};
use crate::pattern::Variable;
use crate::signature::OpId;
use crate::term::{Store, Theory};

/// Deeper patterns are left to the compiled programs: automata recurse.
const DEEPEST: usize = 500;

/// Whether a pattern has matchers that its compiled program would not find in Maude's order.
pub(crate) fn is_unusual(
    store: &Store,
    shapes: &Shapes,
    variables: &[Variable],
    root: ShapeId,
    extend: bool,
    any_will_do: bool,
) -> bool {
    let mut pending: Vec<(ShapeId, usize)> = vec![(root, 0)];
    let mut reached: BTreeSet<ShapeId> = BTreeSet::new();
    let mut found = matches!(shapes.at(root), Shape::Iterated { .. }) && extend;
    while let Some((shape, depth)) = pending.pop() {
        if depth > DEEPEST {
            return false;
        }
        if !reached.insert(shape) {
            continue;
        }
        match shapes.at(shape) {
            Shape::Application { op, arguments } => {
                let facts = store.facts(*op);
                let is_list = facts.theory == Theory::List;
                found |= is_list && facts.left_identity != facts.right_identity || facts.idem;
                let is_alone = |first: &ShapeId| arguments.iter().all(|other| other == first);
                found |= facts.theory == Theory::Multiset
                    && has_repeated_variable(shapes, arguments)
                    && !arguments.first().is_some_and(is_alone);
                let takes_several = |shape: &ShapeId| match shapes.at(*shape) {
                    Shape::Variable(variable) => {
                        let sort = variables[variable.index()].sort;
                        most_elements(store, *op, sort) > 1
                    }
                    _ => false,
                };
                let mut pairs = arguments.windows(2);
                found |= any_will_do && is_list && pairs.any(|pair| pair.iter().all(takes_several));
                pending.extend(arguments.iter().map(|&argument| (argument, depth + 1)));
            }
            Shape::Iterated { argument, .. } => pending.push((*argument, depth + 1)),
            Shape::Ground(_) | Shape::Variable(_) => {}
        }
    }
    let is_ground = |&argument: &ShapeId| matches!(shapes.at(argument), Shape::Ground(_));
    found |= match shapes.at(root) {
        // Without variables, any place will do for Maude.
        Shape::Application { op, arguments } => {
            extend && store.theory(*op) == Theory::List && arguments.iter().all(is_ground)
        }
        _ => false,
    };
    let mut analysis = Analysis::new(store, shapes, variables);
    found
        || reached.iter().any(|&shape| match shapes.at(shape).clone() {
            Shape::Application { op, arguments } => {
                (arguments.iter()).any(|&argument| analysis.is_abstracted(op, argument))
            }
            Shape::Iterated { op, argument, .. } => analysis.is_abstracted(op, argument),
            _ => false,
        })
}

/// Whether a variable stands several times among arguments.
fn has_repeated_variable(shapes: &Shapes, arguments: &[ShapeId]) -> bool {
    arguments.iter().enumerate().any(|(place, argument)| {
        matches!(shapes.at(*argument), Shape::Variable(_)) && arguments[..place].contains(argument)
    })
}

/// Whether a pattern may match a part of a subject that has this operator on top, or any if none is
/// given, and is not that of the pattern.
pub(crate) fn becomes_part(
    store: &Store,
    shapes: &Shapes,
    variables: &[Variable],
    root: ShapeId,
    op: Option<OpId>,
) -> bool {
    let mut analysis = Analysis::new(store, shapes, variables);
    let facts = analysis.facts(root);
    let signature = store.signature();
    let others = signature.operators().filter(|&other| {
        let is_asked = op.is_none_or(|op| op == other) && facts.head != Head::Operator(other);
        let theory = store.theory(other);
        is_asked && matches!(theory, Theory::List | Theory::Multiset | Theory::Iterated)
    });
    let mut heads = std::iter::once(facts.head).chain(facts.collapses.iter().copied());
    let others: Vec<OpId> = others.collect();
    heads.any(|head| match head {
        Head::Operator(op) => others.contains(&op),
        Head::Variable(sort) => {
            (others.iter()).any(|&other| signature.operator(other).range == signature.kind_of(sort))
        }
    })
}
