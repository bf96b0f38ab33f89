//! Ground samples: terms with two normal forms, and rules whose chance equations take.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::ground::tuples;
use super::subject::{Divergence, Subject, divergence, replaced};
use super::{Finding, Kind};
use crate::equality::size;
use crate::module::StatementId;
use crate::reduction::NormalForm;
use crate::signature::OpId;
use crate::statement::{Body, Fragment, Statement};
use crate::term::{TermId, Theory};
use crate::transition::Transitions;

/// Applies every operator that the module's own equations rewrite to small terms; then equations in
/// every way.
pub(super) fn confluence(subject: &mut Subject) -> Vec<Finding> {
    let module = subject.running();
    let mut operators: Vec<OpId> = Vec::new();
    for &id in &subject.own {
        let statement = module.statement(id);
        if matches!(statement.body, Body::Equation { .. }) && !statement.attributes.nonexec {
            for &op in module.operators_of(id) {
                if !operators.contains(&op) && module.hook(op).is_none() {
                    operators.push(op);
                }
            }
        }
    }
    let mut samples = Vec::new();
    for op in operators {
        let most = subject.options.samples;
        samples.extend(subject.pools.applications(&mut subject.reducer, op, most));
    }
    let diverging = smallest_diverging(subject, samples);
    (diverging.into_iter())
        .filter_map(|found| finding(subject, &found))
        .collect()
}

/// A ground term with two normal forms.
pub(super) struct Diverging {
    term: TermId,
    found: Divergence,
}

impl Diverging {
    /// The equations.
    pub(super) fn pair(&self) -> (StatementId, StatementId) {
        (self.found.first.0, self.found.second.0)
    }
}

/// Those of the terms that have two normal forms: for every pair of equations the smallest, in the order
/// of the pairs.
pub(super) fn smallest_diverging(subject: &mut Subject, terms: Vec<TermId>) -> Vec<Diverging> {
    let mut sizes = HashMap::default();
    let mut smallest: BTreeMap<(u32, u32), (usize, Diverging)> = BTreeMap::new();
    for term in terms {
        if subject.is_over() {
            break;
        }
        if !subject.expected.has(subject.reducer.store(), term) {
            continue;
        }
        subject.covered.terms += 1;
        let size = size(subject.reducer.store(), &mut sizes, term);
        let unfinished = &mut subject.covered.unfinished;
        let found = divergence(&mut subject.reducer, &subject.equations, term, unfinished);
        let Some(found) = found else { continue };
        let diverging = Diverging { term, found };
        let (one, other) = diverging.pair();
        let known = smallest.get(&(one.0, other.0));
        if known.is_none_or(|(known, _)| size < *known) {
            smallest.insert((one.0, other.0), (size, diverging));
        }
    }
    let smallest: Vec<Diverging> = smallest.into_values().map(|(_, found)| found).collect();
    (smallest.into_iter())
        .map(|diverging| shrunk(subject, diverging))
        .collect()
}

/// The most terms that are tried to make one smaller.
const MOST_SHRUNK: usize = 200;

/// A smaller term with two normal forms by the same equations, as long as there is one with a part less.
fn shrunk(subject: &mut Subject, mut diverging: Diverging) -> Diverging {
    let mut n_tried = 0;
    'smaller: loop {
        for term in with_a_part_less(subject, diverging.term) {
            n_tried += 1;
            if n_tried > MOST_SHRUNK || subject.is_over() {
                return diverging;
            }
            if !subject.expected.has(subject.reducer.store(), term) {
                continue;
            }
            let mut unfinished = 0;
            let (reducer, equations) = (&mut subject.reducer, &subject.equations);
            let Some(found) = divergence(reducer, equations, term, &mut unfinished) else {
                continue;
            };
            let found = Diverging { term, found };
            if found.pair() == diverging.pair() {
                diverging = found;
                continue 'smaller;
            }
        }
        return diverging;
    }
}

/// The terms that are like a term, but with an element of a collection left out, or with an argument in
/// the place of an application of the same kind; of the same sort.
fn with_a_part_less(subject: &mut Subject, term: TermId) -> Vec<TermId> {
    let signature = subject.running().signature().clone();
    let store = subject.reducer.store_mut();
    let mut found = Vec::new();
    let mut places: Vec<(TermId, Vec<(TermId, usize)>)> = vec![(term, Vec::new())];
    while let Some((part, around)) = places.pop() {
        if store.integer(part).is_some() {
            continue;
        }
        let (op, sort) = (store.op(part), store.sort(part));
        let arguments = store.arguments(part).to_vec();
        let is_collection = matches!(store.theory(op), Theory::List | Theory::Multiset);
        let mut smaller: Vec<TermId> = Vec::new();
        for place in 0..arguments.len() {
            if is_collection {
                let mut rest = arguments.clone();
                rest.remove(place);
                smaller.push(match rest.as_slice() {
                    [only] => *only,
                    _ => store.make(op, &rest),
                });
            } else if !around.is_empty() {
                smaller.push(arguments[place]);
            }
            let mut around = around.clone();
            around.push((part, place));
            places.push((arguments[place], around));
        }
        for part in smaller {
            if !signature.leq(store.sort(part), sort) || around.is_empty() {
                continue;
            }
            let mut whole = part;
            for &(context, place) in around.iter().rev() {
                whole = replaced(store, context, place, whole);
            }
            found.push(whole);
        }
    }
    found
}

/// The finding that a ground term has two normal forms, if nothing like it was found.
pub(super) fn finding(subject: &mut Subject, diverging: &Diverging) -> Option<Finding> {
    let Diverging { term, found } = diverging;
    let (first, second) = (found.first, found.second);
    let is_own = |id| subject.own.contains(&id);
    if !is_own(first.0) && !is_own(second.0) || !subject.reported.insert((first.0, second.0)) {
        return None;
    }
    let (about, other) = match is_own(first.0) {
        true => (first.0, second.0),
        false => (second.0, first.0),
    };
    let message = match about == other {
        true => "applied in two ways, it leads to two normal forms of one term".to_owned(),
        false => format!(
            "this and `{}` lead to two normal forms of one term",
            subject.title(other)
        ),
    };
    let mut finding = subject.finding(Kind::Confluence, about, message);
    finding.other = subject.span(other);
    finding
        .details
        .push(format!("the term        {}", subject.print(*term)));
    for (statement, normal) in [first, second] {
        let by = subject.title(statement);
        let shown = subject.print(normal);
        finding
            .details
            .push(format!("it reduces to   {shown}, by `{by}` first"));
    }
    Some(finding)
}

/// Applies each rule to small instances of its left side, and asks whether it can still be applied when
/// the instance is reduced.
pub(super) fn coherence(subject: &mut Subject) -> Vec<Finding> {
    let module = subject.running();
    let mut findings = Vec::new();
    for id in subject.own.clone() {
        let statement = module.statement(id);
        if !matches!(statement.body, Body::Rule { .. })
            || statement.attributes.nonexec
            || subject.never.contains(&id)
            || (statement.condition.iter())
                .any(|fragment| matches!(fragment, Fragment::Rewrite { .. }))
        {
            continue;
        }
        findings.extend(lost_chance(subject, id, statement));
        if subject.is_over() {
            break;
        }
    }
    findings
}

/// The smallest instance of a rule's left side that equations rewrite to something from which no rule
/// leads where this one led.
fn lost_chance(subject: &mut Subject, id: StatementId, statement: &Statement) -> Option<Finding> {
    let Body::Rule { left, right } = &statement.body else {
        return None;
    };
    let used = left.variables();
    let mut pools = vec![vec![TermId::NONE]; statement.variables.len()];
    for variable in used {
        let sort = statement.variables[variable.index()].sort;
        pools[variable.index()] = subject.pools.of_sort(&subject.reducer, sort);
    }
    let most = subject.options.samples;
    for values in tuples(&pools, most, &mut subject.pools.random) {
        if subject.is_over() {
            return None;
        }
        subject.covered.terms += 1;
        let reducer = &mut subject.reducer;
        let term = reducer.store_mut().instantiate(left, &values);
        let Ok(normal) = reducer.reduce(term) else {
            subject.covered.unfinished += 1;
            continue;
        };
        if normal.term() == term || !subject.expected.has(reducer.store(), term) {
            continue;
        }
        let solutions = reducer.matches(
            &statement.variables,
            left,
            &statement.condition,
            NormalForm(term),
            false,
            1,
        );
        let Some(values) = solutions.ok().and_then(|found| found.into_iter().next()) else {
            continue;
        };
        let result = reducer.store_mut().instantiate(right, &values);
        let Ok(wanted) = reducer.reduce(result) else {
            subject.covered.unfinished += 1;
            continue;
        };
        if wanted == normal || reaches(subject, normal, wanted)? {
            continue;
        }
        let message = "equations can take its chance: no rule leads where it led".to_owned();
        let mut finding = subject.finding(Kind::Coherence, id, message);
        finding.details = vec![
            format!("the term        {}", subject.print(term)),
            format!("it leads to     {}", subject.print(wanted.term())),
            format!("but reduces to  {}", subject.print(normal.term())),
            "from which no rule leads there".to_owned(),
        ];
        return Some(finding);
    }
    None
}

/// Whether one step leads from one state to another; `None` if that is not known.
fn reaches(subject: &mut Subject, from: NormalForm, to: NormalForm) -> Option<bool> {
    let mut transitions = Transitions::new(&mut subject.reducer, from);
    loop {
        match transitions.next(&mut subject.reducer) {
            Ok(Some(transition)) if transition.target == to => return Some(true),
            Ok(Some(_)) => {}
            Ok(None) => return Some(false),
            Err(_) => {
                subject.covered.unfinished += 1;
                return None;
            }
        }
    }
}
