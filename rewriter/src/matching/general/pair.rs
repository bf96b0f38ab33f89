//! Pairs: two arguments that may be swapped, dropped or merged.
//!
//! The one idea: each axiom is a way to match, tried in a fixed order: as the arguments stand,
//! swapped, the first the identity, the second the identity, both the same.

use std::sync::Arc;

use super::binding::{Abstracted, Abstraction, Alternatives, Difference, Distinct, Subproblems};
use super::{Automaton, Matching, Subproblem};
use crate::signature::OpId;
use crate::term::TermId;

/// A pattern with a commutative operator, or one with an identity or idempotent, that is not
/// associative.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) op: OpId,
    pub(super) at_top: bool,
    /// Matched in this order.
    pub(super) sides: [Side; 2],
    pub(super) ways: Ways,
}

/// The ways in which a pair may match.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Ways {
    pub(super) forward: bool,
    pub(super) reverse: bool,
    /// The same, if the sides of the subject differ.
    pub(super) reverse_if_different: bool,
    /// A side is the identity.
    pub(super) collapse: [bool; 2],
    pub(super) merge: bool,
    /// There is one way at most.
    pub(super) is_unique: bool,
    /// Any way will do.
    pub(super) is_greedy: bool,
    /// Subproblems are likely to be left.
    pub(super) is_open: bool,
}

/// A side of a pair.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) automaton: Arc<Automaton>,
    /// The same, where parts of the subject may be left outside.
    pub(super) at_top: Option<Box<Automaton>>,
}

impl Side {
    fn matches(&self, term: TermId, matching: &mut Matching<'_>) -> Option<Subproblems> {
        self.automaton.matches(term, matching, false)
    }

    fn matches_at(
        &self,
        term: TermId,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Subproblems> {
        match &self.at_top {
            Some(automaton) => automaton.matches(term, matching, extend),
            None => self.matches(term, matching),
        }
    }
}

impl Pair {
    pub(super) fn matches(
        &self,
        term: TermId,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Subproblems> {
        let ways = self.ways;
        let extend = extend && self.at_top;
        let mut alternatives = Alternatives::default();
        let mut options: Vec<Way> = Vec::new();
        if matching.store.op(term) == self.op {
            let arguments = matching.store.arguments(term);
            let (first, second) = (arguments[0], arguments[1]);
            if ways.forward {
                options.push(Way::Sides(first, second));
            }
            if ways.reverse || ways.reverse_if_different && first != second {
                options.push(Way::Sides(second, first));
            }
        } else if !(ways.collapse[0] || ways.collapse[1] || ways.merge) {
            return None;
        }
        options.extend(ways.collapse[0].then_some(Way::Collapse(0)));
        options.extend(ways.collapse[1].then_some(Way::Collapse(1)));
        options.extend(ways.merge.then_some(Way::Merge));
        for way in options {
            let found = matching.attempt(|side| self.match_way(way, term, side, extend));
            let Some((difference, subproblems)) = found else {
                continue;
            };
            let is_final = ways.is_unique && matches!(way, Way::Sides(..));
            if is_final || ways.is_greedy && subproblems.is_empty() {
                return take(difference, subproblems, matching);
            }
            let has_outside = extend && !matches!(way, Way::Sides(..));
            let outside = has_outside.then_some(&*matching.outside);
            alternatives.add((difference, subproblems), outside);
        }
        alternatives.finish(matching)
    }

    fn match_way(
        &self,
        way: Way,
        term: TermId,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Subproblems> {
        let [first, second] = &self.sides;
        match way {
            Way::Sides(left, right) => {
                let mut subproblems = first.matches(left, matching)?;
                subproblems.extend(second.matches(right, matching)?);
                Some(subproblems)
            }
            Way::Collapse(vanishing) => self.match_collapsed(vanishing, term, matching, extend),
            Way::Merge => self.match_merged(term, matching, extend),
        }
    }

    /// One side is the identity, the other one matches the term.
    fn match_collapsed(
        &self,
        vanishing: usize,
        term: TermId,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Subproblems> {
        let identity = matching.store.facts(self.op).identity();
        // That both are the identity is found once.
        let is_again = vanishing == 1 && self.ways.collapse[0];
        if is_again && term == identity {
            return None;
        }
        let mut subproblems = self.sides[vanishing].matches(identity, matching)?;
        let kept = &self.sides[1 - vanishing];
        subproblems.extend(kept.matches_at(term, matching, extend)?);
        if is_again && extend {
            subproblems.push(Subproblem::Distinct(Distinct {
                term: identity,
                from: Abstracted::Portion,
            }));
        }
        Some(subproblems)
    }

    /// Both sides match the term.
    fn match_merged(
        &self,
        term: TermId,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Subproblems> {
        let [first, second] = &self.sides;
        let identity = matching.store.facts(self.op).identity();
        if extend {
            let mut subproblems = first.matches_at(term, matching, true)?;
            if identity != TermId::NONE {
                subproblems.push(Subproblem::Distinct(Distinct {
                    term: identity,
                    from: Abstracted::Portion,
                }));
            }
            subproblems.push(Abstraction::of(&second.automaton, Abstracted::Portion));
            return Some(subproblems);
        }
        if identity != TermId::NONE && identity == term {
            return None;
        }
        let of_first = first.matches(term, matching)?;
        let mut subproblems = second.matches(term, matching)?;
        subproblems.extend(of_first);
        Some(subproblems)
    }
}

#[derive(Clone, Copy)]
enum Way {
    Sides(TermId, TermId),
    /// The side with this number is the identity.
    Collapse(usize),
    Merge,
}

/// Takes a way at once.
fn take(
    mut difference: Difference,
    subproblems: Subproblems,
    matching: &mut Matching<'_>,
) -> Option<Subproblems> {
    difference.assert(matching.values);
    Some(subproblems)
}
