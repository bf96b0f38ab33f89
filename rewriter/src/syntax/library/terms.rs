//! Operators of theories that views take for terms.
//!
//! The one idea: an operator applied to variables is carried through the view step by step; what
//! comes out stands for its applications.

use std::sync::Arc;

use super::instance::{Argument, Given};
use super::items::in_copy;
use super::renaming::Renaming;
use super::translate::{TermMapping, Translation};
use super::view::View;
use super::{Elaborated, Library};
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::pattern::{Pattern, PatternId, PatternNode, VariableId};
use crate::signature::{KindId, Signature};
use crate::source::Span;
use crate::syntax::ast::TermMappingText;
use crate::syntax::elaborate::{Reader, Scope};
use crate::syntax::grammar::generate::{Goal, Variables};

impl Library {
    /// The operators of parameters for which views give terms, in an instance.
    pub(super) fn term_mappings(
        &self,
        base: &Elaborated,
        given: &Given,
        target: &Elaborated,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<TermMapping> {
        let mut mappings = Vec::new();
        for (parameter, argument) in given {
            let Argument::View(view) = argument else {
                continue;
            };
            if !view.is_composed() {
                continue;
            }
            let mapped = self.mapped_to_terms(parameter.name, view, target, diagnostics);
            mappings.extend(mapped.into_iter().filter_map(|(operator, term)| {
                let domain: Option<Vec<KindId>> = (operator.domain.iter())
                    .map(|&kind| kind_in_copy(&operator.signature, kind, parameter.name, base))
                    .collect();
                Some(TermMapping {
                    name: operator.name,
                    arguments: numbered(operator.domain.len()),
                    domain: domain?,
                    term,
                })
            }));
        }
        mappings
    }

    /// The operators of the theory of a parameter that become terms by a view.
    fn mapped_to_terms(
        &self,
        parameter: Name,
        view: &View,
        target: &Elaborated,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<(Mapped, Pattern)> {
        let mut chain: Vec<Translation> = Vec::new();
        self.view_translations(view, diagnostics, &mut chain);
        let renaming = match self.is_theory(view.to) {
            true => self.renaming_of_parameter(view.to, parameter),
            false => Renaming::default(),
        };
        chain.push(Translation::new(
            self.elaborated(view.to),
            target,
            &renaming,
        ));
        let signature = &self.elaborated(view.from).signature;
        let mut mapped = Vec::new();
        for part in self.theories_in(view.from) {
            for own in &self.own(part).operators {
                let named = signature.operators_named(own.name, own.domain.len());
                for &op in named {
                    let operator = Mapped {
                        name: own.name,
                        domain: signature.operator(op).domain.clone(),
                        signature: Arc::clone(signature),
                    };
                    let mut pattern = Pattern::new();
                    let arguments: Vec<PatternId> = (numbered(operator.domain.len()).into_iter())
                        .map(|variable| pattern.variable(variable))
                        .collect();
                    pattern.apply(op, &arguments);
                    let made =
                        (chain.iter()).try_fold(pattern, |pattern, step| step.pattern(&pattern));
                    let is_known = |(other, _): &(Mapped, Pattern)| {
                        other.name == operator.name && other.domain == operator.domain
                    };
                    if let Some(term) = made
                        && !mapped.iter().any(is_known)
                    {
                        mapped.push((operator, term));
                    }
                }
            }
        }
        mapped
    }

    /// From the theory of a view to what it maps to, step by step. Recursion is bounded by how
    /// deeply views are arguments of views.
    fn view_translations(
        &self,
        view: &View,
        diagnostics: &mut Vec<Diagnostic>,
        chain: &mut Vec<Translation>,
    ) {
        let (from, to) = (self.elaborated(view.from), self.elaborated(view.to));
        if let Some(base) = &view.base {
            self.view_translations(&base.view, diagnostics, chain);
            let near = self.elaborated(base.view.to);
            let terms = self.term_mappings(near, &base.given, to, diagnostics);
            chain.push(Translation::new(near, to, &base.renaming).with_terms(near, terms));
            return;
        }
        let mut terms = Vec::new();
        for text in &view.text.terms {
            match term_mapping(view, text, (from, to), diagnostics) {
                Ok(mapping) => terms.push(mapping),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        chain.push(Translation::new(from, to, &view.names).with_terms(from, terms));
    }
}

/// Reads a mapping of an operator to a term.
fn term_mapping(
    view: &View,
    text: &TermMappingText,
    (from, to): (&Elaborated, &Elaborated),
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<TermMapping, Diagnostic> {
    let bad = |message: &str| Diagnostic::error("bad-view", text.span, message);
    let mapped = |sort: Name| view.names.sort(sort);
    let (mut here, mut there) = (Variables::default(), Variables::default());
    for variable in &view.text.variables {
        let sort = |signature: &Signature, name: Name, span: Span| {
            let sort = signature.sort_named(name).ok_or_else(|| {
                let message = format!("there is no sort `{name}`");
                Diagnostic::error("unknown-sort", span, message)
            })?;
            Ok(match variable.sort.is_kind {
                true => signature.error_sort(signature.kind_of(sort)),
                false => sort,
            })
        };
        let (name, span) = (variable.sort.name, variable.sort.span);
        here.insert(variable.name.name, sort(&from.signature, name, span)?);
        there.insert(variable.name.name, sort(&to.signature, mapped(name), span)?);
    }
    let mut scope = Scope::default();
    let reader = Reader::new(&from.signature, from.grammar(), &here, None);
    let left = reader.term(Goal::Term, &text.from, text.span, &mut scope, diagnostics)?;
    let PatternNode::Application { op, arguments } = left.node(left.root()) else {
        return Err(bad("only an operator is mapped to a term"));
    };
    let mut order = Vec::with_capacity(arguments.len());
    for argument in arguments {
        match left.node(*argument) {
            PatternNode::Variable(variable) if !order.contains(variable) => {
                order.push(*variable);
            }
            _ => return Err(bad("the arguments of the operator are different variables")),
        }
    }
    let variables = order
        .iter()
        .map(|variable| &scope.variables[variable.index()]);
    let mut argument_scope = Scope::default();
    for variable in variables {
        let sort = mapped(from.signature.sort(variable.sort).name);
        let sort = match from.signature.is_error_sort(variable.sort) {
            true => there.get(&variable.name).copied(),
            false => to.signature.sort_named(sort),
        };
        let sort = sort.ok_or_else(|| bad("a variable has no sort in the target"))?;
        argument_scope.variable(variable.name, sort);
    }
    let mut scope = argument_scope;
    let n_arguments = scope.variables.len();
    let reader = Reader::new(&to.signature, to.grammar(), &there, None);
    let term = reader.term(Goal::Term, &text.to, text.span, &mut scope, diagnostics)?;
    if scope.variables.len() > n_arguments {
        return Err(bad(
            "the term has variables that the operator does not have",
        ));
    }
    let operator = from.signature.operator(*op);
    Ok(TermMapping {
        name: operator.name,
        domain: operator.domain.clone(),
        term,
        // Variables of the term are numbered as the arguments are.
        arguments: numbered(n_arguments),
    })
}

/// An operator of a theory.
struct Mapped {
    name: Name,
    domain: Vec<KindId>,
    signature: Arc<Signature>,
}

/// So many variables, in order.
fn numbered(n: usize) -> Vec<VariableId> {
    (0..n).map(|index| VariableId(index as u16)).collect()
}

/// A kind of a theory in a module with a parameter for it.
fn kind_in_copy(
    theory: &Signature,
    kind: KindId,
    parameter: Name,
    base: &Elaborated,
) -> Option<KindId> {
    let name = theory.sort(*theory.kind(kind).maximal.first()?).name;
    let copied = in_copy(parameter, name);
    let signature = &base.signature;
    let sort = (signature.sort_named(copied)).or_else(|| signature.sort_named(name))?;
    Some(signature.kind_of(sort))
}
