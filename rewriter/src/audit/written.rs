//! What can be seen from statements as they are written, and from their generic instances.

use super::subject::{First, MOST_NODES, Subject};
use super::{Finding, Kind};
use crate::module::StatementId;
use crate::pattern::{Pattern, PatternNode, VariableId};
use crate::statement::{Body, Fragment, Statement};
use crate::syntax::script::Session;
use crate::term::{TermId, Theory};

/// Variables without a value: found when modules were read.
pub(super) fn unbound(session: &Session) -> Vec<Finding> {
    let library = &session.library;
    let diagnostics = library.diagnostics.iter();
    let unbound = diagnostics.filter(|diagnostic| diagnostic.code == super::UNBOUND);
    let finding = |diagnostic: &crate::diagnostic::Diagnostic| {
        let text = diagnostic.span().map(|span| library.sources.text(span));
        let words: Vec<&str> = text.unwrap_or_default().split_whitespace().collect();
        Finding {
            kind: Kind::Unbound,
            module: String::new(),
            statement: words.join(" "),
            span: diagnostic.span(),
            message: diagnostic.message.clone(),
            details: vec!["nothing else of its module is looked at".to_owned()],
            other: None,
        }
    };
    unbound.map(finding).collect()
}

/// Statements without a label, where the others have one; rules always.
pub(super) fn unlabelled(subject: &Subject) -> Vec<Finding> {
    let module = subject.running();
    let is_rule = |statement: &Statement| matches!(statement.body, Body::Rule { .. });
    let is_labelled = |&&id: &&StatementId| -> bool { module.statement(id).label.is_some() };
    let others = (subject.own.iter()).filter(|&&id| !is_rule(module.statement(id)));
    let n_others = others.clone().count();
    let n_labelled = others.filter(is_labelled).count();
    // Most people label rules only.
    let wants_all = 2 * n_labelled > n_others;
    let mut findings = Vec::new();
    for &id in &subject.own {
        let statement = module.statement(id);
        if statement.label.is_none() && (wants_all || is_rule(statement)) {
            let what = match &statement.body {
                Body::Rule { .. } => "a rule without a label cannot be named in a path",
                _ => "most other statements of the module have a label",
            };
            findings.push(subject.finding(Kind::Unlabelled, id, what.to_owned()));
        }
    }
    findings
}

/// Variables that are compared where a new value may have been meant, or repeated where that costs.
pub(super) fn repeated(subject: &Subject) -> Vec<Finding> {
    let module = subject.running();
    let mut findings = Vec::new();
    for &id in &subject.own {
        let statement = module.statement(id);
        let name = |variable: VariableId| statement.variables[variable.index()].name;
        let mut bound = statement.left().variables();
        for fragment in &statement.condition {
            let (Fragment::Assignment { pattern, .. } | Fragment::Rewrite { pattern, .. }) =
                fragment
            else {
                continue;
            };
            let variables = pattern.variables();
            if !variables.is_empty() && variables.iter().all(|variable| bound.contains(variable)) {
                let names: Vec<String> = (variables.iter())
                    .map(|&variable| format!("`{}`", name(variable)))
                    .collect();
                let has = if names.len() == 1 {
                    "has a value"
                } else {
                    "have values"
                };
                let message = format!(
                    "{} {has} before the condition matches: it only compares",
                    names.join(" and ")
                );
                findings.push(subject.finding(Kind::Repeated, id, message));
            }
            bound.extend(variables);
        }
        for variable in shared_collections(subject, statement) {
            let message = format!(
                "`{}` stands for any part of a collection, twice: matching tries every division",
                name(variable)
            );
            findings.push(subject.finding(Kind::Repeated, id, message));
        }
    }
    findings
}

/// Variables that occur twice among the elements of one collection and can be several of them.
fn shared_collections(subject: &Subject, statement: &Statement) -> Vec<VariableId> {
    let store = subject.reducer.store();
    let signature = store.signature();
    let pattern = statement.left();
    let mut found = Vec::new();
    for node in pattern.nodes() {
        let PatternNode::Application { op, arguments } = node else {
            continue;
        };
        if !matches!(store.theory(*op), Theory::List | Theory::Multiset) {
            continue;
        }
        let mut seen = Vec::new();
        for &argument in arguments {
            let PatternNode::Variable(variable) = pattern.node(argument) else {
                continue;
            };
            let sort = statement.variables[variable.index()].sort;
            let is_closed = signature.leq(signature.least_sort(*op, &[sort, sort]), sort);
            if is_closed && seen.contains(variable) && !found.contains(variable) {
                found.push(*variable);
            }
            seen.push(*variable);
        }
    }
    found
}

/// Statements whose every instance is rewritten by something else first.
pub(super) fn shadowed(subject: &mut Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    for id in subject.own.clone() {
        if subject.is_over() {
            break;
        }
        let module = subject.running();
        let statement = module.statement(id);
        let left = statement.left();
        if statement.attributes.nonexec || left.nodes().len() > MOST_NODES {
            continue;
        }
        let whole = subject.instance(left, &statement.variables);
        let is_rule = matches!(statement.body, Body::Rule { .. });
        let (finding, by) = match rewritten_part(subject, left, whole, is_rule) {
            Some((part, by)) => {
                let place = if part == whole {
                    "its left side"
                } else {
                    "a part of its left side"
                };
                let message = format!(
                    "{place} never stays: {} rewrites it first",
                    subject.title_of(by)
                );
                let mut finding = subject.finding(Kind::Shadowed, id, message);
                finding.details.push(step(subject, part));
                finding.other = by.and_then(|by| subject.span(by));
                (finding, by)
            }
            None if is_rule || matches!(statement.body, Body::Membership { .. }) => continue,
            None => match earlier(subject, id, whole) {
                // One text, imported twice under other names.
                Some(by) if subject.span(by) == subject.span(id) => continue,
                Some(by) => {
                    let message = format!(
                        "{} comes first and applies wherever this would",
                        subject.title_of(Some(by))
                    );
                    let mut finding = subject.finding(Kind::Shadowed, id, message);
                    finding.details.push(step(subject, whole));
                    finding.other = subject.span(by);
                    (finding, Some(by))
                }
                None => continue,
            },
        };
        subject.never.insert(id);
        // That they lead to two normal forms needs no saying any more.
        if let Some(by) = by {
            subject.reported.insert((id.min(by), id.max(by)));
        }
        findings.push(finding);
    }
    findings
}

impl Subject {
    /// An equation as a message names it.
    fn title_of(&self, statement: Option<StatementId>) -> String {
        match statement {
            Some(statement) => format!("`{}`", self.title(statement)),
            None => "a built-in operator".to_owned(),
        }
    }
}

/// `TERM becomes TERM`.
fn step(subject: &mut Subject, part: TermId) -> String {
    let result = subject
        .generic
        .reduce(part)
        .map_or(part, |normal| normal.term());
    format!(
        "{} becomes {}",
        subject.print_generic(part),
        subject.print_generic(result)
    )
}

/// A part of a generic left side that equations rewrite whatever the variables stand for, and by which
/// equation; the whole is a part if it is wanted.
fn rewritten_part(
    subject: &mut Subject,
    left: &Pattern,
    whole: TermId,
    is_whole_wanted: bool,
) -> Option<(TermId, Option<StatementId>)> {
    if is_evaluated_otherwise(subject, left) {
        return None;
    }
    let mut places = vec![whole];
    let mut parts = Vec::new();
    while let Some(part) = places.pop() {
        if part != whole || is_whole_wanted {
            parts.push(part);
        }
        places.extend(subject.generic.store().arguments(part));
    }
    // The innermost ones come last.
    for part in parts.into_iter().rev() {
        let mut first = First::default();
        let reduced = subject.generic.reduce_observed(part, Some(&mut first));
        if reduced.is_ok_and(|normal| normal.term() != part) {
            return Some((part, first.0));
        }
    }
    None
}

/// Whether not all arguments are reduced before the whole.
fn is_evaluated_otherwise(subject: &Subject, left: &Pattern) -> bool {
    let signature = subject.generic.store().signature();
    left.nodes().iter().any(|node| match node {
        PatternNode::Application { op, .. } | PatternNode::Iterated { op, .. } => {
            signature.operator(*op).attributes.strategy.is_some()
        }
        PatternNode::Variable(_) | PatternNode::Literal { .. } => false,
    })
}

/// An earlier equation that applies to the generic left side of an equation.
fn earlier(subject: &mut Subject, id: StatementId, whole: TermId) -> Option<StatementId> {
    let applied = subject
        .generic_equations
        .first(&mut subject.generic, whole)
        .ok()??;
    let (first, module) = (applied.statement, subject.running());
    let is_owise = |id: StatementId| {
        let statements = module.statements();
        (statements.get(id.index())).is_some_and(|statement| statement.attributes.owise)
    };
    let comes_first = first != id && (is_owise(id) || first < id);
    comes_first.then_some(first)
}
