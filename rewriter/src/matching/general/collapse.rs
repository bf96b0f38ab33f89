//! Patterns that collapse: all their arguments but one are the identity.
//!
//! The one idea: if one argument cannot be the identity, it is the one that is left, and was made an
//! automaton of its own. Else all arguments are variables (or stand for subpatterns), and each of
//! them that may differ from the identity is tried in turn.

use super::binding::{Abstracted, Abstraction, Alternatives, Distinct, Subproblems};
use super::list::TopVariable;
use super::{Automaton, Matching, Subproblem};
use crate::signature::OpId;
use crate::term::TermId;

/// What a pattern can collapse to.
#[derive(Clone, Debug)]
pub(super) enum Collapse {
    /// This argument.
    Only(Box<Automaton>),
    /// Any of them.
    Any,
}

impl Collapse {
    /// Matches a term that has another operator than the pattern; `variables` are all that stand
    /// directly below the operator.
    pub(super) fn matches(
        &self,
        variables: &[&TopVariable],
        (op, at_top): (OpId, bool),
        term: TermId,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Subproblems> {
        let identity = matching.store.facts(op).identity();
        let extend = extend && at_top;
        match self {
            Collapse::Only(kept) => {
                let mut subproblems = Subproblems::new();
                for variable in variables.iter().filter(|variable| variable.takes_identity) {
                    match matching.value(variable.index) {
                        None => matching.bind(variable.index, identity),
                        Some(value) if value == identity => {}
                        Some(_) => return None,
                    }
                    if let Some(automaton) = &variable.abstracted {
                        subproblems.extend(automaton.matches(identity, matching, false)?);
                    }
                }
                subproblems.extend(kept.matches(term, matching, extend)?);
                Some(subproblems)
            }
            Collapse::Any => {
                let mut subproblems = match_any(variables, identity, term, matching, extend)?;
                for variable in variables {
                    if let Some(automaton) = &variable.abstracted {
                        let what = Abstracted::Value(variable.index);
                        subproblems.push(Abstraction::of(automaton, what));
                    }
                }
                Some(subproblems)
            }
        }
    }
}

/// Matches a term with one of several variables, of which the others are the identity.
fn match_any(
    variables: &[&TopVariable],
    identity: TermId,
    term: TermId,
    matching: &mut Matching<'_>,
    extend: bool,
) -> Option<Subproblems> {
    let mut taker: Option<&TopVariable> = None;
    for variable in variables {
        match matching.value(variable.index) {
            Some(value) if value == identity => {}
            Some(_) if taker.is_some() || variable.multiplicity > 1 => return None,
            Some(_) => taker = Some(variable),
            None if variable.multiplicity > 1 => matching.bind(variable.index, identity),
            None => {}
        }
    }
    if let Some(variable) = taker {
        let found = match_variable(variable, term, matching, extend)?;
        bind_others(variables, identity, None, matching);
        return Some(found);
    }
    if term == identity {
        bind_others(variables, identity, None, matching);
        if extend {
            matching.outside.is_known = true;
            matching.outside.is_whole = true;
        }
        return Some(Subproblems::new());
    }
    let is_open = |variable: &&&TopVariable| matching.value(variable.index).is_none();
    let open: Vec<&TopVariable> = variables.iter().filter(is_open).copied().collect();
    match open.as_slice() {
        [] if !extend => None,
        [] => match_variable(variables.first()?, term, matching, extend),
        [only] => match_variable(only, term, matching, extend),
        several => {
            let mut alternatives = Alternatives::default();
            for variable in several {
                let is_first = alternatives.is_empty();
                let found = matching.attempt(|side| {
                    bind_others(variables, identity, Some(variable), side);
                    let mut found = match_variable(variable, term, side, extend)?;
                    if !is_first && extend {
                        // That all are the identity is found once.
                        found.push(Subproblem::Distinct(Distinct {
                            term: identity,
                            from: Abstracted::Value(variable.index),
                        }));
                    }
                    Some(found)
                });
                if let Some(found) = found {
                    alternatives.add(found, extend.then_some(&*matching.outside));
                }
            }
            alternatives.finish(matching)
        }
    }
}

fn match_variable(
    variable: &TopVariable,
    term: TermId,
    matching: &mut Matching<'_>,
    extend: bool,
) -> Option<Subproblems> {
    if extend {
        return matching.match_part(variable.index, variable.sort, term);
    }
    matching
        .match_variable(variable.index, variable.sort, term)
        .then(Subproblems::new)
}

/// Binds all variables to the identity that have no value, except one place.
fn bind_others(
    variables: &[&TopVariable],
    identity: TermId,
    exception: Option<&TopVariable>,
    matching: &mut Matching<'_>,
) {
    for &variable in variables {
        let is_exception = exception.is_some_and(|other| std::ptr::eq(other, variable));
        if !is_exception && matching.value(variable.index).is_none() {
            matching.bind(variable.index, identity);
        }
    }
}
