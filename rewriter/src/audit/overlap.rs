//! Overlaps: terms to which two equations apply, and whether what they lead to joins.
//!
//! The one idea: an overlap is first looked at with constants for its variables. If it joins, it joins
//! for all values. If not, small values are tried, because what holds for all values need not be
//! provable by rewriting; only if some of them do not join, or if there are none to try, is there a
//! finding, and egg is asked which smaller equation would have joined it.

use super::confluence::{finding, smallest_diverging};
use super::ground::tuples;
use super::subject::{Divergence, MOST_NODES, Subject, divergence};
use super::unify::{Tree, Unification};
use super::{Finding, Kind};
use crate::equality::{Answer, Effort, judge};
use crate::module::StatementId;
use crate::pattern::Variable;
use crate::reduction::Limits;
use crate::statement::Body;
use crate::term::{Store, TermId};

/// Overlaps of a pair of equations, at most.
const MOST_OF_PAIR: usize = 24;

/// A term to which two equations apply, with variables of both.
struct Overlap {
    peak: Tree,
    variables: Vec<(usize, Variable)>,
}

/// Looks at the overlaps of every pair of the module's own unconditional equations.
pub(super) fn overlaps(subject: &mut Subject) -> Vec<Finding> {
    let module = subject.running();
    let plain: Vec<StatementId> = (subject.own.iter().copied())
        .filter(|&id| {
            let statement = module.statement(id);
            let attributes = &statement.attributes;
            matches!(statement.body, Body::Equation { .. })
                && !(attributes.nonexec || attributes.owise)
                && statement.left().nodes().len() <= MOST_NODES
        })
        .collect();
    let mut findings = Vec::new();
    for &first in &plain {
        for &second in &plain {
            if subject.is_over() {
                return findings;
            }
            for overlap in overlaps_of(subject, first, second) {
                subject.covered.overlaps += 1;
                if let Some(finding) = looked_at(subject, (first, second), &overlap) {
                    findings.push(finding);
                    break;
                }
            }
        }
    }
    findings
}

/// The terms in which the second equation applies to a part of the left side of the first.
fn overlaps_of(subject: &Subject, first: StatementId, second: StatementId) -> Vec<Overlap> {
    let module = subject.running();
    let (one, other) = (module.statement(first), module.statement(second));
    let n_first = one.variables.len();
    let variables: Vec<(usize, Variable)> =
        (one.variables.iter().map(|variable| (0, variable.clone())))
            .chain(other.variables.iter().map(|variable| (1, variable.clone())))
            .collect();
    let trees = (
        Tree::of_pattern(one.left(), one.left().root(), 0),
        Tree::of_pattern(other.left(), other.left().root(), n_first),
    );
    let (Some(left), Some(right)) = trees else {
        return Vec::new();
    };
    if matches!(right, Tree::Variable(_)) {
        return Vec::new();
    }
    let unification = Unification {
        store: subject.generic.store(),
        sorts: variables
            .iter()
            .map(|(_, variable)| variable.sort)
            .collect(),
    };
    let mut peaks = Vec::new();
    for (way, part) in left.parts() {
        let is_whole = way.is_empty();
        // At the top, a pair of equations is looked at once, and nothing overlaps itself.
        if is_whole && second < first {
            continue;
        }
        if let (Tree::Application(op, one), Tree::Application(other_op, other)) = (part, &right)
            && op == other_op
            && unification.is_multiset(*op)
        {
            for (unifier, joined) in unification.share(*op, one, other) {
                peaks.push(unifier.applied(&left.with_part(&way, joined)));
            }
        } else if !is_whole || first != second {
            for unifier in unification.unify(part, &right) {
                peaks.push(unifier.applied(&left));
            }
        }
        if peaks.len() >= MOST_OF_PAIR {
            break;
        }
    }
    peaks.truncate(MOST_OF_PAIR);
    (peaks.into_iter())
        .map(|peak| Overlap {
            peak,
            variables: variables.clone(),
        })
        .collect()
}

/// The finding that an overlap does not join, if it does not and nothing like it was found.
fn looked_at(
    subject: &mut Subject,
    pair: (StatementId, StatementId),
    overlap: &Overlap,
) -> Option<Finding> {
    let constants: Vec<crate::signature::OpId> = (overlap.variables.iter())
        .map(|(copy, variable)| subject.constant(*copy, variable))
        .collect();
    let store = subject.generic.store_mut();
    let values: Vec<TermId> = constants.iter().map(|&op| store.make(op, &[])).collect();
    let peak = instance(store, &overlap.peak, &values);
    if !subject.generic_expected.has(subject.generic.store(), peak) {
        return None;
    }
    let unfinished = &mut subject.covered.unfinished;
    let found = divergence(
        &mut subject.generic,
        &subject.generic_equations,
        peak,
        unfinished,
    )?;
    match sampled(subject, overlap) {
        Sampled::Diverges(finding) => finding.map(|mut finding| {
            finding.details.extend(hint(subject, &found));
            finding
        }),
        Sampled::Joins => {
            subject.covered.joined_on_samples += 1;
            None
        }
        Sampled::Nothing => {
            subject.covered.not_sampled += 1;
            None
        }
        Sampled::Parameter => {
            let ids = (found.first.0, found.second.0);
            if !subject.reported.insert(ids) {
                return None;
            }
            let other = if pair.0 == ids.0 { ids.1 } else { ids.0 };
            let message = format!(
                "it overlaps with `{}`, and they do not join",
                subject.title(other)
            );
            let mut finding = subject.finding(Kind::Overlap, pair.0, message);
            finding.other = subject.span(other);
            finding.details = vec![
                format!("the term        {}", subject.print_generic(peak)),
                format!("it reduces to   {}", subject.print_generic(found.first.1)),
                format!("and to          {}", subject.print_generic(found.second.1)),
            ];
            finding.details.extend(hint(subject, &found));
            Some(finding)
        }
    }
}

/// What ground instances of an overlap say.
enum Sampled {
    /// One of them has two normal forms; there is no finding if such a one was found before.
    Diverges(Option<Finding>),
    /// All join.
    Joins,
    /// There are some, and none was made.
    Nothing,
    /// There are none: a sort has no terms, such as that of a parameter.
    Parameter,
}

fn sampled(subject: &mut Subject, overlap: &Overlap) -> Sampled {
    let mut used = Vec::new();
    variables_of(&overlap.peak, &mut used);
    let mut pools = vec![vec![TermId::NONE]; overlap.variables.len()];
    for &variable in &used {
        let sort = overlap.variables[variable].1.sort;
        pools[variable] = subject.pools.of_sort(&subject.reducer, sort);
    }
    let most = subject.options.samples.min(40);
    let samples = tuples(&pools, most, &mut subject.pools.random);
    if samples.is_empty() {
        let is_inhabited = |&variable: &usize| {
            subject
                .pools
                .is_inhabited(overlap.variables[variable].1.sort)
        };
        return match used.iter().all(is_inhabited) {
            true => Sampled::Nothing,
            false => Sampled::Parameter,
        };
    }
    let store = subject.reducer.store_mut();
    let terms: Vec<TermId> = (samples.iter())
        .map(|values| instance(store, &overlap.peak, values))
        .collect();
    let diverging = smallest_diverging(subject, terms);
    match diverging.is_empty() {
        true => Sampled::Joins,
        false => {
            let mut findings = diverging.iter().filter_map(|found| finding(subject, found));
            Sampled::Diverges(findings.next())
        }
    }
}

fn variables_of(tree: &Tree, found: &mut Vec<usize>) {
    match tree {
        Tree::Variable(variable) if !found.contains(variable) => found.push(*variable),
        Tree::Variable(_) | Tree::Literal(..) => {}
        Tree::Application(_, arguments) => {
            for argument in arguments {
                variables_of(argument, found);
            }
        }
    }
}

/// The term of a tree whose variables have these values.
fn instance(store: &mut Store, tree: &Tree, values: &[TermId]) -> TermId {
    match tree {
        Tree::Variable(variable) => values[*variable],
        Tree::Literal(op, value) => store.make_literal(*op, value),
        Tree::Application(op, arguments) => {
            let arguments: Vec<TermId> = (arguments.iter())
                .map(|argument| instance(store, argument, values))
                .collect();
            if store.theory(*op) == crate::term::Theory::Iterated {
                let once = crate::integer::Int::Small(1);
                return store.make_iterated(*op, &once, arguments[0]);
            }
            store.make(*op, &arguments)
        }
    }
}

/// The equation that would join the results of an overlap: the smallest part in which they differ that
/// the equations, used in both directions, prove equal.
fn hint(subject: &mut Subject, found: &Divergence) -> Option<String> {
    let effort = Effort {
        steps: 2_000,
        terms: 400,
        links: 100,
        limits: Limits {
            rewrites: 20_000,
            ..subject.options.limits.clone()
        },
    };
    let (mut left, mut right) = (found.first.1, found.second.1);
    while let Some((one, other)) = only_difference(subject.generic.store(), left, right) {
        let judgment = judge(&mut subject.generic, one, other, &effort);
        if !matches!(judgment.answer, Answer::Equal(_)) {
            break;
        }
        (left, right) = (one, other);
    }
    let limits = subject.options.limits.clone();
    subject.generic.set_limits(limits);
    let (left, right) = (subject.print_generic(left), subject.print_generic(right));
    let (larger, smaller) = match left.len() >= right.len() {
        true => (left, right),
        false => (right, left),
    };
    Some(format!("it would join with   eq {larger} = {smaller} ."))
}

/// The only argument in which two applications of an operator differ.
fn only_difference(store: &Store, left: TermId, right: TermId) -> Option<(TermId, TermId)> {
    if store.op(left) != store.op(right) || store.iterations(left) != store.iterations(right) {
        return None;
    }
    let (one, other) = (store.arguments(left), store.arguments(right));
    if one.len() != other.len() {
        return None;
    }
    let mut different = one.iter().zip(other).filter(|(one, other)| one != other);
    let (&one, &other) = different.next()?;
    different.next().is_none().then_some((one, other))
}
