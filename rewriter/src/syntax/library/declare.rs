//! Signatures from the own declarations of modules.
//!
//! The one idea: declarations go in in the order of the modules, so that operators are created in
//! Maude's order. Operators `_::_` come last, for the sorts that are tested with them; they need
//! no built-in, since two equations say what they mean.

use std::sync::Arc;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

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
use crate::syntax::lexer::Token;

/// A module that a flattened module consists of.
pub(super) struct Part {
    pub(super) own: Arc<Own>,
    /// For each part, by position, whether this one may use what it declares.
    pub(super) sees: Vec<bool>,
    /// Whether what is wrong with it is still to be reported.
    pub(super) is_news: bool,
}

/// A signature with what is to be remembered of its making.
#[derive(Default)]
pub(super) struct Declared {
    pub(super) signature: Signature,
    /// For each part, its identity elements with the operators they are for.
    pub(super) identities: Vec<Vec<(OpId, Bubble, Span)>>,
    /// For each operator, the parts that declare it; none for what is made by the engine.
    pub(super) homes: Vec<Vec<u32>>,
    /// Operators `_::_` and the sorts they test.
    pub(super) sort_tests: Vec<(OpId, SortId)>,
    /// There is none.
    pub(super) is_broken: bool,
}

/// The signature of all parts, with an operator `_::_` for every sort in `tested`, and constants
/// at sorts or kinds.
pub(super) fn declare(
    parts: &[Part],
    tested: &[Name],
    constants: &[(Name, Name, bool)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Declared {
    let mut builder = SignatureBuilder::new();
    let mut homes: HashMap<Name, Vec<usize>, FxBuildHasher> = HashMap::default();
    // For each declaration, its part and its place there.
    let mut declared: Vec<(DeclarationId, usize, usize)> = Vec::new();
    for (position, part) in parts.iter().enumerate() {
        let own = &part.own;
        let related = own
            .subsorts
            .iter()
            .flat_map(|&(lower, upper)| [lower, upper]);
        for sort in own.sorts.iter().copied().chain(related) {
            builder.add_sort(sort);
            homes.entry(sort).or_default().push(position);
        }
        for &(lower, upper) in &own.subsorts {
            let (lower, upper) = (builder.add_sort(lower), builder.add_sort(upper));
            builder.add_subsort(lower, upper);
        }
        for (index, operator) in own.operators.iter().enumerate() {
            let mut faults = Vec::new();
            let is_seen = |sort: Name| {
                homes
                    .get(&sort)
                    .is_some_and(|homes| homes.iter().any(|&home| part.sees[home]))
            };
            let declaration = declaration(&mut builder, operator, &is_seen, &mut faults);
            declared.push((builder.add_op(declaration), position, index));
            if part.is_news {
                diagnostics.append(&mut faults);
            }
        }
    }
    let tests = add_sort_tests(&mut builder, tested);
    for &(name, sort, is_kind) in constants {
        let sort = builder.add_sort(sort);
        let range = match is_kind {
            true => Argument::Kind(sort),
            false => Argument::Sort(sort),
        };
        builder.add_last_constant(name, range);
    }
    let operator_of = |declaration: DeclarationId| {
        let &(_, part, index) = declared.get(declaration.0)?;
        parts[part]
            .is_news
            .then(|| &parts[part].own.operators[index])
    };
    let signature = match builder.finish() {
        Ok((signature, warnings)) => {
            for warning in &warnings {
                report_signature_warning(warning, &signature, parts, operator_of, diagnostics);
            }
            signature
        }
        Err(errors) => {
            for error in errors {
                diagnostics.push(signature_error(&error, parts));
            }
            return Declared {
                is_broken: true,
                ..Declared::default()
            };
        }
    };
    let mut result = Declared {
        identities: vec![Vec::new(); parts.len()],
        homes: vec![Vec::new(); signature.operators().count()],
        ..Declared::default()
    };
    for &(declaration, part, index) in &declared {
        let operator = &parts[part].own.operators[index];
        let op = signature.operator_of(declaration);
        let has_identity = signature.operator(op).axioms().identity.is_some();
        if let Some(bubble) = operator.identity.as_ref().filter(|_| has_identity) {
            result.identities[part].push((op, bubble.clone(), operator.span));
        }
        // A polymorphic declaration becomes many operators.
        let instances = signature.operators_named(operator.name, operator.domain.len());
        let is_polymorphic = !operator.attributes.poly.is_empty();
        for &op in instances
            .iter()
            .filter(|&&other| is_polymorphic || other == op)
        {
            result.homes[op.index()].push(part as u32);
        }
    }
    // No text sees the constants: one may be called like a variable.
    for &(name, ..) in constants {
        for op in signature.operators_named(name, 0) {
            let homes = &mut result.homes[op.index()];
            if homes.is_empty() {
                homes.push(u32::MAX);
            }
        }
    }
    for (declaration, name) in tests {
        let op = signature.operator_of(declaration);
        result
            .sort_tests
            .extend(signature.sort_named(name).map(|sort| (op, sort)));
    }
    result.signature = signature;
    result
}

fn declaration(
    builder: &mut SignatureBuilder,
    operator: &OwnOperator,
    is_seen: &dyn Fn(Name) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> OperatorDeclaration {
    let poly = &operator.attributes.poly;
    let mut argument = |position: usize, &(name, is_kind): &(Name, bool)| {
        let sort = match builder.sort_named(name) {
            Some(sort) if is_seen(name) => sort,
            // At a polymorphic position any sort may stand.
            _ if poly.contains(&position) => builder
                .any_sort()
                .unwrap_or_else(|| builder.add_sort(Name::new("Bool"))),
            _ => {
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

/// Adds an operator `_::_` for every sort that is tested.
fn add_sort_tests(builder: &mut SignatureBuilder, tested: &[Name]) -> Vec<(DeclarationId, Name)> {
    let mut tests: Vec<(DeclarationId, Name)> = Vec::new();
    let Some(truth) = builder.sort_named(Name::new("Bool")) else {
        return tests;
    };
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
    tests
}

fn signature_error(error: &SignatureError, parts: &[Part]) -> Diagnostic {
    let mut latest = parts.iter().rev();
    match latest.find_map(|part| part.own.operators.first()) {
        Some(operator) => Diagnostic::error("bad-signature", operator.span, error.to_string()),
        None => Diagnostic::without_place("bad-signature", error.to_string()),
    }
}

fn report_signature_warning<'p>(
    warning: &SignatureWarning,
    signature: &Signature,
    parts: &'p [Part],
    operator_of: impl Fn(DeclarationId) -> Option<&'p OwnOperator>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    match warning {
        SignatureWarning::ImpossibleAxiom {
            operator,
            declaration,
            axiom,
            reason,
        } => {
            if let Some(own) = operator_of(*declaration) {
                let message = format!("operator `{operator}` cannot be {axiom}: {reason}");
                let diagnostic = Diagnostic::warning("impossible-axiom", own.span, message);
                diagnostics.push(diagnostic.with_help(format!("it is taken without `{axiom}`")));
            }
        }
        SignatureWarning::AxiomsDiffer {
            operator,
            declaration,
        } => {
            if let Some(own) = operator_of(*declaration) {
                let name = signature.operator(*operator).name;
                let message =
                    format!("declarations of `{name}` over the same kinds differ in their axioms");
                diagnostics.push(Diagnostic::warning("axioms-differ", own.span, message));
            }
        }
        SignatureWarning::NotPreregular {
            operator,
            first,
            second,
        } => {
            let name = signature.operator(*operator).name;
            let news = parts.iter().rev().filter(|part| part.is_news);
            let mut declarations = news.flat_map(|part| part.own.operators.iter().rev());
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
        add_tested_sorts(&statement.bubble, &mut sorts);
    }
    sorts
}

/// Adds the sorts that are tested with `::` in a bubble.
pub(crate) fn add_tested_sorts(bubble: &[Token], sorts: &mut Vec<Name>) {
    for (index, token) in bubble.iter().enumerate() {
        let Some(first) = bubble.get(index + 1).filter(|_| token.is("::")) else {
            continue;
        };
        let mut name = first.name;
        if bubble.get(index + 2).is_some_and(|token| token.is("{")) {
            // The arguments of the sort go on as long as braces are open or opened.
            let mut text = name.as_str().to_owned();
            let mut depth = 0usize;
            for token in &bubble[index + 2..] {
                match token.text() {
                    "{" => depth += 1,
                    "}" => depth = depth.saturating_sub(1),
                    _ if depth == 0 => break,
                    _ => {}
                }
                text += token.text();
            }
            name = Name::new(&text);
        }
        if !sorts.contains(&name) {
            sorts.push(name);
        }
    }
}

/// `X :: S` is true if the sort of `X` is at most `S`, and false otherwise.
pub(super) fn sort_test_statements(
    signature: &Signature,
    sort_tests: &[(OpId, SortId)],
) -> Vec<Statement> {
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
    for &(op, sort) in sort_tests {
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
