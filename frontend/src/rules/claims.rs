//! What the verifier's declarations claim, and which of it a search can ask.
//!
//! An invariant is asked of one configuration: it must be finite, and it must not ask for
//! what a configuration does not remember. One that cannot be evaluated is kept with the
//! reason, so that a query for it is refused by name; nobody has to ask.
//!
//! Source: p-language 7.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::executable::loop_invariants;
use super::questions::message_type;
use super::{Checked, Resolution};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    Ast, Declaration, ExprId, ExpressionKind, FunctionId, Name, Proof, ProofCommand, ProofKind,
    ProofTargets, StatementKind,
};
use crate::types::{Type, TypeId};

/// An invariant, or a group of them, by its name.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The name; in a group, `Group_name`.
    pub name: Arc<str>,
    /// What is claimed: all of these.
    pub(crate) functions: Vec<FunctionId>,
    /// Why no search can ask it.
    pub refusal: Option<String>,
}

/// Collects the invariants, and checks what proofs say of them.
pub(super) fn check(ast: &Ast, checked: &Checked, diagnostics: &mut Vec<Diagnostic>) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let mut places: BTreeMap<Arc<str>, Span> = BTreeMap::new();
    let mut add = |name: Arc<str>, span: Span, functions: Vec<FunctionId>| {
        if let Some(first) = places.insert(name.clone(), span) {
            let message = format!("`{name}` is declared twice");
            diagnostics.push(
                Diagnostic::error(Code::DuplicateDeclaration, span, message)
                    .with_label(first, "first declared here"),
            );
        }
        let refusal = functions
            .iter()
            .find_map(|function| refusal(ast, checked, *function, &mut BTreeSet::new()));
        claims.push(Claim {
            name,
            functions,
            refusal,
        });
    };
    for proof in proofs(ast) {
        match &proof.kind {
            ProofKind::Invariant(name, claim) => {
                add(name.text.clone(), name.span, vec![*claim]);
            }
            ProofKind::Group(group, invariants) => {
                for (name, claim) in invariants {
                    let whole = format!("{}_{}", group.text, name.text).into();
                    add(whole, name.span, vec![*claim]);
                }
                let all = invariants.iter().map(|(_, claim)| *claim).collect();
                add(group.text.clone(), group.span, all);
            }
            _ => {}
        }
    }
    scripts(ast, &places, diagnostics);
    not_proved(ast, diagnostics);
    claims
}

fn proofs(ast: &Ast) -> impl Iterator<Item = &Proof> {
    ast.declarations
        .iter()
        .filter_map(|declaration| match declaration {
            Declaration::Proof(proof) => Some(proof),
            _ => None,
        })
}

/// The expression that a pure function or a claim returns.
pub(crate) fn returned(ast: &Ast, function: FunctionId) -> Option<ExprId> {
    let body = ast.function(function).body.as_ref()?;
    match body.statements.first()?.kind {
        StatementKind::Return(value) => value,
        _ => None,
    }
}

/// Whether an expression asks what only a configuration knows.
pub(super) fn is_question(ast: &Ast, checked: &Checked, id: ExprId) -> bool {
    use crate::syntax::ast::BinaryOperator::Targets;
    match &ast.expression(id).kind {
        ExpressionKind::KindTest(..)
        | ExpressionKind::Inflight(_)
        | ExpressionKind::Sent(_)
        | ExpressionKind::Quantified(..)
        | ExpressionKind::Binary(Targets, ..) => true,
        ExpressionKind::Field(operand, _) => {
            let kind = checked.symbols.types.kind(checked.type_of(*operand));
            !matches!(kind, Type::NamedTuple(_) | Type::Error)
        }
        _ => false,
    }
}

/// Why a claim or pure function cannot be evaluated in a configuration.
fn refusal(
    ast: &Ast,
    checked: &Checked,
    function: FunctionId,
    seen: &mut BTreeSet<FunctionId>,
) -> Option<String> {
    let mut open = vec![function];
    while let Some(function) = open.pop() {
        if !seen.insert(function) {
            continue;
        }
        let Some(value) = returned(ast, function) else {
            let name = ast.function(function).name.as_ref()?;
            return Some(format!(
                "the pure function `{}` has no definition: give it one with --foreign",
                name.text
            ));
        };
        for part in ast.parts(value) {
            if let Some(reason) = refused_part(ast, checked, part) {
                return Some(reason);
            }
            if let Some(Resolution::Function(callee)) = checked.resolution(part) {
                open.push(callee);
            }
        }
    }
    None
}

fn refused_part(ast: &Ast, checked: &Checked, part: ExprId) -> Option<String> {
    use ExpressionKind as K;
    let what = match &ast.expression(part).kind {
        K::Sent(_) => "`sent`: a configuration does not remember what was handled".to_owned(),
        K::Quantified(quantifier, _) if quantifier.is_new => {
            "a quantifier over `new` messages: those of one handler".to_owned()
        }
        K::Quantified(..) => {
            let variables = checked.bound.get(&part)?;
            let kinds = variables
                .iter()
                .map(|id| checked.symbols.variable(*id).kind);
            let endless = kinds.into_iter().find(|kind| !is_finite(checked, *kind))?;
            let kind = checked.symbols.types.display(endless, &checked.symbols);
            format!("a quantifier over `{kind}`, which has no end")
        }
        K::Choice { .. } | K::Choose(_) | K::New(..) | K::This | K::FloatParts => {
            "what only a machine can do".to_owned()
        }
        K::Call(name, _) => match checked.resolution(part) {
            Some(Resolution::Function(callee)) if !ast.function(callee).is_pure => {
                format!("the function `{}`, which is not pure", name.text)
            }
            _ => return None,
        },
        K::Convert(_, _)
            if !matches!(
                checked.symbols.types.kind(checked.type_of(part)),
                Type::Int | Type::Float
            ) =>
        {
            "`to` with an interface".to_owned()
        }
        _ => return None,
    };
    Some(format!("it has {what}"))
}

/// Whether a quantifier can go through all values of a type. Machines and messages are
/// those of the configuration.
fn is_finite(checked: &Checked, kind: TypeId) -> bool {
    let symbols = &checked.symbols;
    message_type(symbols, kind).is_some() || size(checked, kind).is_some()
}

/// The number of values, if it is not too large; machines count as one.
fn size(checked: &Checked, kind: TypeId) -> Option<u64> {
    const MAX_SIZE: u64 = 10_000;
    let symbols = &checked.symbols;
    let product = |parts: Vec<TypeId>| {
        parts.into_iter().try_fold(1u64, |all, part| {
            // Inside of a tuple there is no machine: the rules enumerate values only.
            let is_value = !matches!(
                symbols.types.kind(part),
                Type::Machine | Type::Reference(..)
            );
            let own = size(checked, part).filter(|_| is_value)?;
            Some(all * own).filter(|all| *all <= MAX_SIZE)
        })
    };
    match symbols.types.kind(kind) {
        Type::Machine => Some(1),
        Type::Reference(name, _) => symbols.machine_names.contains_key(name).then_some(1),
        Type::Null => Some(1),
        Type::Bool => Some(2),
        Type::Enumeration(id) => Some(symbols.enumeration(*id).elements.len() as u64),
        Type::Tuple(parts) => product(parts.clone()),
        Type::NamedTuple(fields) => product(fields.iter().map(|(_, part)| *part).collect()),
        _ => None,
    }
}

/// Proof scripts name what there is, and no command needs what it proves.
fn scripts(ast: &Ast, places: &BTreeMap<Arc<str>, Span>, diagnostics: &mut Vec<Diagnostic>) {
    let mut uses: BTreeMap<Arc<str>, Vec<(Arc<str>, Span)>> = BTreeMap::new();
    for proof in proofs(ast) {
        let ProofKind::Script(_, commands) = &proof.kind else {
            continue;
        };
        for command in commands {
            let goals = listed(ast, Some(&command.goals), places, diagnostics);
            let premises = listed(ast, command.premises.as_ref(), places, diagnostics);
            exceptions(ast, command, places, diagnostics);
            for goal in &goals {
                let premises = premises.iter().map(|name| (name.text.clone(), name.span));
                uses.entry(goal.text.clone()).or_default().extend(premises);
            }
        }
    }
    for (goal, premises) in &uses {
        for (premise, span) in premises {
            let mut seen = BTreeSet::new();
            let mut open = vec![premise];
            while let Some(name) = open.pop() {
                if name == goal {
                    let message = format!("`{goal}` is used to prove `{premise}`, and the reverse");
                    diagnostics.push(Diagnostic::error(Code::CyclicProof, *span, message));
                    break;
                }
                if seen.insert(name) {
                    open.extend(uses.get(name).into_iter().flatten().map(|(next, _)| next));
                }
            }
        }
    }
}

fn exceptions(
    ast: &Ast,
    command: &ProofCommand,
    places: &BTreeMap<Arc<str>, Span>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let targets = ProofTargets::Listed(command.exceptions.clone());
    listed(ast, Some(&targets), places, diagnostics);
}

/// The names in a list of goals or premises, each of which must be declared.
fn listed(
    ast: &Ast,
    targets: Option<&ProofTargets>,
    places: &BTreeMap<Arc<str>, Span>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Name> {
    let Some(ProofTargets::Listed(expressions)) = targets else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for id in expressions {
        let expression = ast.expression(*id);
        let ExpressionKind::Name(text) = &expression.kind else {
            let message = "a proof names invariants and groups of them".to_owned();
            diagnostics.push(Diagnostic::error(
                Code::TypeMismatch,
                expression.span,
                message,
            ));
            continue;
        };
        let is_known = places.contains_key(text)
            || places
                .keys()
                .any(|name| name.ends_with(&format!("_{text}")));
        if !is_known {
            let message = format!("there is no invariant `{text}`");
            diagnostics.push(Diagnostic::error(
                Code::UnknownName,
                expression.span,
                message,
            ));
        }
        names.push(Name {
            text: text.clone(),
            span: expression.span,
        });
    }
    names
}

/// Says once that assumptions and proofs are read, and that nothing follows from them.
fn not_proved(ast: &Ast, diagnostics: &mut Vec<Diagnostic>) {
    let assumes = |proof: &&Proof| {
        matches!(
            proof.kind,
            ProofKind::Axiom(_) | ProofKind::InitialCondition(_) | ProofKind::Script(..)
        )
    };
    let mut places: Vec<Span> = proofs(ast)
        .filter(assumes)
        .map(|proof| proof.keyword)
        .collect();
    for (_, function) in ast.functions() {
        let mut add = |id: ExprId| places.push(ast.expression(id).span);
        function.contract.iter().for_each(|id| add(*id));
        for statement in function.body.iter().flat_map(|body| &body.statements) {
            loop_invariants(statement, &mut add);
        }
    }
    if let Some(place) = places.into_iter().min() {
        let message = "axioms, conditions, contracts, loop invariants and proofs do not change \
                       what a program does";
        diagnostics.push(
            Diagnostic::warning(Code::NotProved, place, message)
                .with_help("psem proves nothing; search for `=>* not invariant(NAME)`"),
        );
    }
}
