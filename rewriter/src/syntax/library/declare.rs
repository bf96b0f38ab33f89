//! Signatures from the own declarations of modules.
//!
//! The one idea: declarations go in in the order of the modules, so that operators are created in
//! Maude's order. Operators `_::_` come last, for the sorts that are tested with them; they need
//! no built-in, since two equations say what they mean.

use std::sync::Arc;

use super::Elaborated;
use super::own::{Own, OwnOperator};
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::pattern::Pattern;
use crate::signature::{
    Argument, Attributes, DeclarationId, OpId, OperatorDeclaration, Signature, SignatureBuilder,
    SignatureError, SignatureWarning, SortId,
};
use crate::source::Span;
use crate::statement::{Body, Fragment, Statement, StatementAttributes};
use crate::syntax::ast::{Bubble, ModuleText};
use crate::syntax::elaborate::Scope;

/// The signature of everything, and for each own operator the one it became part of.
pub(super) fn make_signature(
    imported: &[Arc<Elaborated>],
    own: &Own,
    diagnostics: &mut Vec<Diagnostic>,
) -> (SignatureBuilder, Vec<(DeclarationId, Option<Bubble>, Span)>) {
    let mut builder = SignatureBuilder::new();
    let mut declared = Vec::new();
    let owns = imported
        .iter()
        .map(|module| &module.own)
        .chain(std::iter::once(own));
    let n_imported = imported.len();
    for (index, module) in owns.enumerate() {
        for &sort in &module.sorts {
            builder.add_sort(sort);
        }
        for &(lower, upper) in &module.subsorts {
            let lower = builder.add_sort(lower);
            let upper = builder.add_sort(upper);
            builder.add_subsort(lower, upper);
        }
        for operator in &module.operators {
            let mut faults = Vec::new();
            let declaration = declaration(&mut builder, operator, &mut faults);
            let id = builder.add_op(declaration);
            if index == n_imported {
                diagnostics.append(&mut faults);
                declared.push((id, operator.identity.clone(), operator.span));
            }
        }
    }
    (builder, declared)
}

fn declaration(
    builder: &mut SignatureBuilder,
    operator: &OwnOperator,
    diagnostics: &mut Vec<Diagnostic>,
) -> OperatorDeclaration {
    let poly = &operator.attributes.poly;
    let mut argument = |position: usize, &(name, is_kind): &(Name, bool)| {
        let sort = match builder.sort_named(name) {
            Some(sort) => sort,
            // At a polymorphic position any sort may stand.
            None if poly.contains(&position) => builder.add_sort(Name::new("Bool")),
            None => {
                let message = format!("there is no sort `{name}`");
                diagnostics.push(
                    Diagnostic::error("unknown-sort", operator.span, message)
                        .with_help(format!("declare it with `sort {name} .`")),
                );
                builder.add_sort(name)
            }
        };
        if is_kind {
            Argument::Kind(sort)
        } else {
            Argument::Sort(sort)
        }
    };
    OperatorDeclaration {
        name: operator.name,
        domain: (operator.domain.iter().enumerate())
            .map(|(index, sort)| argument(index + 1, sort))
            .collect(),
        range: argument(0, &operator.range),
        partial: operator.partial,
        attributes: Attributes {
            frozen: (operator.attributes.frozen.iter().copied())
                .filter(|&position| position < operator.domain.len())
                .collect(),
            ..operator.attributes.clone()
        },
    }
}

/// Finishes the signature, with an operator `_::_` for every sort that is tested.
pub(super) fn with_sort_tests(
    made: SignatureBuilder,
    tested: &[Name],
    imported: &[Arc<Elaborated>],
    own: &Own,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Signature, Vec<(OpId, SortId)>) {
    let mut builder = made;
    let mut tests: Vec<(DeclarationId, Name)> = Vec::new();
    if let Some(truth) = builder.sort_named(Name::new("Bool")) {
        for &name in tested {
            let Some(sort) = builder.sort_named(name) else {
                continue;
            };
            if tests.iter().any(|&(_, other)| other == name) {
                continue;
            }
            let declaration = OperatorDeclaration {
                name: Name::new(&format!("_::`{name}")),
                domain: vec![Argument::Kind(sort)],
                range: Argument::Sort(truth),
                partial: false,
                attributes: Attributes {
                    prec: Some(15),
                    gather: Some(vec!['&']),
                    ..Attributes::default()
                },
            };
            tests.push((builder.add_op(declaration), name));
        }
    }
    let n_own = own.operators.len();
    let n_before: usize = imported
        .iter()
        .map(|module| module.own.operators.len())
        .sum();
    let span_of = |declaration: DeclarationId| {
        let index = declaration.0.checked_sub(n_before)?;
        (index < n_own).then(|| own.operators[index].span)
    };
    match builder.finish() {
        Ok((signature, warnings)) => {
            for warning in &warnings {
                report_signature_warning(warning, &signature, own, span_of, diagnostics);
            }
            let tests = tests
                .into_iter()
                .filter_map(|(declaration, name)| {
                    Some((
                        signature.operator_of(declaration),
                        signature.sort_named(name)?,
                    ))
                })
                .collect();
            (signature, tests)
        }
        Err(errors) => {
            for error in errors {
                let span = match &error {
                    SignatureError::ImpossibleAxiom { declaration, .. } => span_of(*declaration),
                    _ => None,
                };
                let span = span.or_else(|| own.operators.first().map(|operator| operator.span));
                let message = error.to_string();
                diagnostics.push(match span {
                    Some(span) => Diagnostic::error("bad-signature", span, message),
                    None => Diagnostic::without_place("bad-signature", message),
                });
            }
            (Signature::default(), Vec::new())
        }
    }
}

fn report_signature_warning(
    warning: &SignatureWarning,
    signature: &Signature,
    own: &Own,
    span_of: impl Fn(DeclarationId) -> Option<Span>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    match warning {
        SignatureWarning::AxiomsDiffer {
            operator,
            declaration,
        } => {
            if let Some(span) = span_of(*declaration) {
                let name = signature.operator(*operator).name;
                let message =
                    format!("declarations of `{name}` over the same kinds differ in their axioms");
                diagnostics.push(Diagnostic::warning("axioms-differ", span, message));
            }
        }
        SignatureWarning::NotPreregular {
            operator,
            first,
            second,
        } => {
            let name = signature.operator(*operator).name;
            let mut declarations = own.operators.iter().rev();
            if let Some(operator) = declarations.find(|operator| operator.name == name) {
                let message = format!(
                    "`{name}` is not preregular: some application has the sorts `{}` and `{}` \
                     and none below both",
                    signature.sort(*first).name,
                    signature.sort(*second).name
                );
                diagnostics.push(Diagnostic::warning(
                    "not-preregular",
                    operator.span,
                    message,
                ));
            }
        }
    }
}

/// The sorts that are tested with `::` somewhere in a text.
pub(super) fn tested_sorts(text: &ModuleText) -> Vec<Name> {
    let mut sorts = Vec::new();
    for statement in &text.statements {
        for pair in statement.bubble.windows(2) {
            if pair[0].is("::") && !sorts.contains(&pair[1].name) {
                sorts.push(pair[1].name);
            }
        }
    }
    sorts
}

/// `X :: S` is true if the sort of `X` is at most `S`, and false otherwise.
pub(super) fn sort_test_statements(elaborated: &Elaborated) -> Vec<Statement> {
    let signature = &elaborated.signature;
    let constant = |hook: &str| {
        let op = signature.operators().find(|&op| {
            let name = signature.operator(op).attributes.hook;
            name.is_some_and(|name| name.as_str() == hook)
        })?;
        let mut pattern = Pattern::new();
        pattern.apply(op, &[]);
        Some(pattern)
    };
    let (Some(truth), Some(falsity)) = (constant("true"), constant("false")) else {
        return Vec::new();
    };
    let mut statements = Vec::new();
    for &(op, sort) in &elaborated.sort_tests {
        let mut scope = Scope::default();
        let kind = signature.error_sort(signature.kind_of(sort));
        let Some(variable) = scope.variable(Name::new("X"), kind) else {
            continue;
        };
        let mut term = Pattern::new();
        let argument = term.variable(variable);
        let mut left = term.clone();
        left.apply(op, &[argument]);
        let test = Fragment::SortTest { term, sort };
        for (right, condition) in [(&truth, vec![test]), (&falsity, Vec::new())] {
            statements.push(Statement {
                label: None,
                variables: scope.variables.clone(),
                body: Body::Equation {
                    left: left.clone(),
                    right: right.clone(),
                },
                attributes: StatementAttributes {
                    owise: condition.is_empty(),
                    ..StatementAttributes::default()
                },
                condition,
                span: None,
            });
        }
    }
    statements
}
