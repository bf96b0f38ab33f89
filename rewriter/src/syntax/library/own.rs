//! The declarations of a module itself.
//!
//! The one idea: they are kept by name, so that they can go into the signature of every module
//! that imports this one, and can be renamed on the way.

use std::sync::Arc;

use super::describe::hook_of;
use super::renaming::Renaming;
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::signature::{Attributes, Axioms, KindId, Side, Signature};
use crate::source::Span;
use crate::syntax::ast::{
    Attributes as AttributeText, Bubble, Gather, IdentitySide, ModuleText, OperatorText, SortText,
};

/// The declarations of a module itself, by name.
#[derive(Clone, Default, Debug)]
pub(super) struct Own {
    pub(super) sorts: Vec<Name>,
    pub(super) subsorts: Vec<(Name, Name)>,
    pub(super) operators: Vec<OwnOperator>,
}

#[derive(Clone, Debug)]
pub(super) struct OwnOperator {
    pub(super) name: Name,
    pub(super) domain: Vec<(Name, bool)>,
    pub(super) range: (Name, bool),
    pub(super) partial: bool,
    pub(super) attributes: Attributes,
    /// `obj`, `msg`, `config`: what it is for in a soup of objects.
    pub(super) roles: Vec<Name>,
    pub(super) identity: Option<Bubble>,
    pub(super) span: Span,
}

impl OwnOperator {
    /// Whether it is the constant of a class: of the sort that is called like it.
    pub(super) fn is_class(&self) -> bool {
        self.domain.is_empty() && self.range.0 == self.name && self.attributes.ctor
    }

    /// Its sorts under other names, as an item of a renaming has them.
    pub(super) fn types(&self, named: impl Fn(Name) -> Name) -> Vec<Vec<Name>> {
        let sorts = self.domain.iter().chain([&self.range]);
        sorts.map(|&(sort, _)| vec![named(sort)]).collect()
    }
}

impl Own {
    /// The declarations under other names. `signature` tells which operators are of one family.
    pub(super) fn renamed(&self, renaming: &Renaming, signature: &Signature) -> Own {
        let sort = |name: Name| renaming.sort(name);
        let both = |&(name, is_kind): &(Name, bool)| (sort(name), is_kind);
        Own {
            sorts: self.sorts.iter().map(|&name| sort(name)).collect(),
            subsorts: self
                .subsorts
                .iter()
                .map(|&(a, b)| (sort(a), sort(b)))
                .collect(),
            operators: (self.operators.iter())
                .map(|operator| {
                    let rank = match operator.attributes.poly.is_empty() {
                        true => rank_of(signature, operator, |sort| sort),
                        false => None,
                    };
                    let rank = rank.as_ref().map(|(domain, range)| (&domain[..], *range));
                    let item = renaming.operator(operator.name, rank, signature);
                    let mut renamed = operator.clone();
                    renamed.domain = operator.domain.iter().map(both).collect();
                    renamed.range = both(&operator.range);
                    if let Some(item) = item {
                        renamed.name = item.to;
                        let given = core_attributes(&item.attributes);
                        renamed.attributes.prec = given.prec;
                        renamed.attributes.gather = given.gather;
                        renamed.attributes.format = given.format;
                    }
                    renamed
                })
                .collect(),
        }
    }
}

/// The kinds of an operator whose sorts are called otherwise in a signature; none if one of them
/// is not there.
pub(super) fn rank_of(
    signature: &Signature,
    operator: &OwnOperator,
    named: impl Fn(Name) -> Name,
) -> Option<(Vec<KindId>, KindId)> {
    let kind = |&(name, _): &(Name, bool)| {
        let sort = signature.sort_named(named(name))?;
        Some(signature.kind_of(sort))
    };
    let domain: Option<Vec<KindId>> = operator.domain.iter().map(kind).collect();
    Some((domain?, kind(&operator.range)?))
}

pub(super) fn own_declarations(
    text: &ModuleText,
    imported: &[Arc<Own>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Own {
    let mut own = Own::default();
    for sort in &text.sorts {
        if own.sorts.contains(&sort.name) {
            let message = format!("sort `{}` is declared twice", sort.name);
            diagnostics.push(Diagnostic::warning("duplicate-sort", sort.span, message));
        } else {
            own.sorts.push(sort.name);
        }
    }
    for chain in &text.subsorts {
        for levels in chain.windows(2) {
            for lower in &levels[0] {
                for upper in &levels[1] {
                    own.subsorts.push((lower.name, upper.name));
                }
            }
        }
    }
    for operator in &text.operators {
        let converted = own_operator(operator, &own, imported, diagnostics);
        let is_repeated = own.operators.iter().any(|earlier| {
            earlier.name == converted.name
                && earlier.domain == converted.domain
                && earlier.range == converted.range
        });
        if is_repeated {
            let message = format!("operator `{}` is declared twice", converted.name);
            diagnostics.push(Diagnostic::warning(
                "duplicate-operator",
                operator.span,
                message,
            ));
        }
        own.operators.push(converted);
    }
    own
}

fn own_operator(
    text: &OperatorText,
    own: &Own,
    imported: &[Arc<Own>],
    diagnostics: &mut Vec<Diagnostic>,
) -> OwnOperator {
    let mut attributes = core_attributes(&text.attributes);
    let mut identity = text
        .attributes
        .identity
        .as_ref()
        .map(|(_, bubble)| bubble.clone());
    let arity = text.domain.len();
    if text.attributes.ditto {
        let same = |operator: &&OwnOperator| {
            operator.name == text.name.name && operator.domain.len() == arity
        };
        let earlier = own.operators.iter().rev().find(same).or_else(|| {
            let mut modules = imported.iter().rev();
            modules.find_map(|module| module.operators.iter().rev().find(same))
        });
        match earlier {
            Some(earlier) => {
                let ctor = attributes.ctor;
                attributes = Attributes {
                    ctor,
                    metadata: None,
                    ..earlier.attributes.clone()
                };
                identity.clone_from(&earlier.identity);
            }
            None => {
                let message = format!(
                    "`ditto` needs an earlier declaration of `{}`",
                    text.name.name
                );
                diagnostics.push(Diagnostic::error("bad-attribute", text.span, message));
            }
        }
    }
    if let Some(gather) = &attributes.gather
        && gather.len() != arity
    {
        let message = format!(
            "`gather` has {} entries for an operator with {arity} arguments",
            gather.len()
        );
        diagnostics.push(Diagnostic::error("bad-attribute", text.span, message));
        attributes.gather = None;
    }
    if attributes.prec.is_some_and(|precedence| precedence > 127) {
        let message = "a precedence is at most 127";
        diagnostics.push(Diagnostic::error("bad-attribute", text.span, message));
    }
    check_holes(text, diagnostics);
    if let Some(special) = &text.attributes.special {
        match special.as_slice() {
            [word, hook] if word.is("hook") => attributes.hook = Some(hook.name),
            words => match hook_of(words, arity) {
                Ok(hook) => attributes.hook = hook.map(Name::new),
                Err(class) => {
                    let message = format!("nothing here computes what `{class}` does in Maude");
                    diagnostics.push(Diagnostic::warning("unsupported", text.span, message));
                }
            },
        }
    }
    let named = |sort: &SortText| (sort.name, sort.is_kind);
    OwnOperator {
        name: text.name.name,
        domain: text.domain.iter().map(named).collect(),
        range: named(&text.range),
        partial: text.partial,
        attributes,
        roles: roles(text),
        identity,
        span: text.span,
    }
}

/// The roles of an operator under their short names.
fn roles(text: &OperatorText) -> Vec<Name> {
    (text.attributes.other.iter())
        .filter_map(|word| match word.as_str() {
            "object" | "obj" => Some("obj"),
            "message" | "msg" => Some("msg"),
            "configuration" | "config" => Some("config"),
            "portal" => Some("portal"),
            _ => None,
        })
        .map(Name::new)
        .collect()
}

fn check_holes(text: &OperatorText, diagnostics: &mut Vec<Diagnostic>) {
    use crate::syntax::mixfix::{Part, parts};
    let parts = parts(text.name.name);
    let n_holes = parts.iter().filter(|part| **part == Part::Hole).count();
    let arity = text.domain.len();
    if (n_holes > 0 || parts.len() > 1) && n_holes != arity {
        let message = format!(
            "`{}` has {n_holes} underscores and {arity} arguments; it has only its prefix form",
            text.name.name
        );
        diagnostics.push(Diagnostic::warning("underscores", text.name.span, message));
    }
}

fn core_attributes(text: &AttributeText) -> Attributes {
    Attributes {
        axioms: Axioms {
            assoc: text.associative,
            comm: text.commutative,
            idem: text.idempotent,
            identity: text.identity.as_ref().map(|(side, _)| match side {
                IdentitySide::Both => Side::Both,
                IdentitySide::Left => Side::Left,
                IdentitySide::Right => Side::Right,
            }),
            iter: text.iterated,
        },
        ctor: text.constructor,
        prec: text.precedence,
        gather: text.gather.as_ref().map(|gather| {
            let letter = |gather: &Gather| match gather {
                Gather::Below => 'e',
                Gather::AtMost => 'E',
                Gather::Any => '&',
            };
            gather.iter().map(letter).collect()
        }),
        format: text.format.clone(),
        frozen: frozen_positions(text),
        strategy: (text.strategy.as_ref())
            .map(|strategy| strategy.iter().map(|&number| number as usize).collect()),
        memo: text.memoized,
        poly: (text.polymorphic.iter().flatten())
            .map(|&number| number as usize)
            .collect(),
        hook: None,
        metadata: text.metadata,
    }
}

/// Frozen arguments from 0; `frozen` without numbers means all, for as many as there can be.
fn frozen_positions(text: &AttributeText) -> Vec<usize> {
    match &text.frozen {
        None => Vec::new(),
        Some(numbers) if numbers.is_empty() => (0..64).collect(),
        Some(numbers) => numbers
            .iter()
            .filter(|&&number| number > 0)
            .map(|&number| number as usize - 1)
            .collect(),
    }
}
