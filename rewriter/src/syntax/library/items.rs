//! What the modules that are made from others call their sorts and operators.
//!
//! The one idea: a parameter and an instance are renamings too; which sorts and operators they
//! rename follows from the declarations of the theory and the views.

use std::sync::Arc;

use super::instance::{Binding, Environment, View, bound_sort};
use super::own::OwnOperator;
use super::translate::{TermMapping, Translation};
use super::{Elaborated, Library, ModuleId, Origin};
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::pattern::{PatternNode, VariableId};
use crate::signature::{KindId, Signature};
use crate::source::Span;
use crate::syntax::ast::{Attributes, RenamingItem, SortText, Spanned, TermMappingText};
use crate::syntax::elaborate::{Reader, Scope};
use crate::syntax::grammar::generate::{Goal, Variables};

impl Library {
    /// What a module renames of the one that it is made from.
    pub(super) fn items_of(&self, origin: &Origin) -> Arc<[RenamingItem]> {
        match origin {
            Origin::Text(_) | Origin::Sum => Arc::new([]),
            Origin::Renamed { items, .. } => Arc::clone(items),
            Origin::Parameter { base, name } => {
                let mut items = Vec::new();
                for part in self.transitive(&[*base]) {
                    if self.is_theory(part) {
                        for &sort in &self.own(part).sorts {
                            items.push(sort_item(sort, Name::new(&format!("{name}${sort}"))));
                        }
                    }
                }
                items.into()
            }
            Origin::Instance { base, bindings } => self.items_of_instance(*base, bindings),
        }
    }

    fn items_of_instance(&self, base: ModuleId, environment: &Environment) -> Arc<[RenamingItem]> {
        let mut items = Vec::new();
        let mut seen: Vec<Name> = Vec::new();
        for part in self.transitive(&[base]) {
            for &sort in &self.own(part).sorts {
                if seen.contains(&sort) {
                    continue;
                }
                seen.push(sort);
                let bound = bound_sort(sort, environment, &|binding, sort| {
                    self.bound_theory_sort(binding, sort)
                });
                if bound != sort {
                    items.push(sort_item(sort, bound));
                }
            }
        }
        for (name, binding) in environment {
            let Some(first) = binding.views.first() else {
                continue;
            };
            for part in self.transitive(&[first.from]) {
                if self.is_theory(part) {
                    let operators = &self.own(part).operators;
                    items.extend((operators.iter()).filter_map(|operator| {
                        self.mapped_operator(*name, first.from, operator, binding)
                    }));
                }
            }
        }
        items.into()
    }

    /// The renaming of an operator of a theory by the views of a binding, if it has a new name.
    fn mapped_operator(
        &self,
        parameter: Name,
        theory: ModuleId,
        operator: &OwnOperator,
        binding: &Binding,
    ) -> Option<RenamingItem> {
        let mut name = operator.name;
        let mut domain: Vec<Name> = operator.domain.iter().map(|&(sort, _)| sort).collect();
        for view in &binding.views {
            let item = view.operators.iter().find_map(|item| match item {
                RenamingItem::Operator { from, rank, to, .. } if from.name == name => {
                    let fits = rank.as_ref().is_none_or(|(wanted, _)| {
                        wanted.len() == domain.len()
                            && wanted.iter().zip(&domain).all(|(a, b)| a.name == *b)
                    });
                    fits.then_some(to.name)
                }
                _ => None,
            });
            name = item.unwrap_or(name);
            for sort in &mut domain {
                let mapped = view.sorts.iter().find(|(from, _)| from == sort);
                *sort = mapped.map_or(*sort, |&(_, to)| to);
            }
        }
        if name == operator.name {
            return None;
        }
        let rank = self.rank_in_copy(parameter, theory, operator);
        let spanned = |name| Spanned {
            name,
            span: operator.span,
        };
        Some(RenamingItem::Operator {
            from: spanned(operator.name),
            rank: Some(rank),
            to: spanned(name),
            attributes: Box::new(Attributes::default()),
        })
    }

    /// The rank of an operator of a theory in the copy for a parameter.
    fn rank_in_copy(
        &self,
        parameter: Name,
        theory: ModuleId,
        operator: &OwnOperator,
    ) -> (Vec<SortText>, SortText) {
        let parts = self.transitive(&[theory]);
        let is_own = |sort: Name| {
            let mut theories = parts.iter().filter(|&&part| self.is_theory(part));
            theories.any(|&part| self.own(part).sorts.contains(&sort))
        };
        let sort_text = |&(sort, is_kind): &(Name, bool)| SortText {
            name: match is_own(sort) {
                true => Name::new(&format!("{parameter}${sort}")),
                false => sort,
            },
            is_kind,
            span: operator.span,
        };
        let domain = operator.domain.iter().map(sort_text).collect();
        (domain, sort_text(&operator.range))
    }

    /// The operators of parameters for which views give terms, in an instance.
    pub(super) fn term_mappings(
        &self,
        base: &Elaborated,
        environment: &Environment,
        target: &Elaborated,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<TermMapping> {
        let mut mappings = Vec::new();
        for (parameter, binding) in environment {
            let Some(view) = binding.views.first() else {
                continue;
            };
            for text in &view.text.terms {
                match self.term_mapping(*parameter, view, text, (base, target), diagnostics) {
                    Ok(mapping) => mappings.extend(mapping),
                    Err(diagnostic) => diagnostics.push(diagnostic),
                }
            }
        }
        mappings
    }

    fn term_mapping(
        &self,
        parameter: Name,
        view: &View,
        text: &TermMappingText,
        (base, target): (&Elaborated, &Elaborated),
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Option<TermMapping>, Diagnostic> {
        let bad = |message: &str| Diagnostic::error("bad-view", text.span, message);
        let (from, to) = (self.elaborated(view.from), self.elaborated(view.to));
        let mapped = |sort: Name| {
            let mapped = view.sorts.iter().find(|(from, _)| *from == sort);
            mapped.map_or(sort, |&(_, to)| to)
        };
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
        // The operator in the module that is instantiated.
        let operator = from.signature.operator(*op);
        let kind = |kind: &KindId| {
            let sort = from.signature.kind(*kind).maximal.first()?;
            let name = from.signature.sort(*sort).name;
            let copied = Name::new(&format!("{parameter}${name}"));
            let signature = &base.signature;
            let sort = signature
                .sort_named(copied)
                .or_else(|| signature.sort_named(name))?;
            Some(signature.kind_of(sort))
        };
        let domain: Option<Vec<KindId>> = operator.domain.iter().map(kind).collect();
        let translation = Translation::new(to, target, &[]);
        let (Some(domain), Some(term)) = (domain, translation.pattern(&term)) else {
            return Ok(None);
        };
        Ok(Some(TermMapping {
            name: operator.name,
            domain,
            term,
            // Variables of the term are numbered as the arguments are.
            arguments: (0..n_arguments)
                .map(|index| VariableId(index as u16))
                .collect(),
        }))
    }
}

fn sort_item(from: Name, to: Name) -> RenamingItem {
    // Nobody wrote it, so it has no place; diagnostics speak of the text of the module.
    let nowhere = Span {
        source: crate::source::SourceId(0),
        start: 0,
        end: 0,
    };
    let spanned = |name| Spanned {
        name,
        span: nowhere,
    };
    RenamingItem::Sort(spanned(from), spanned(to))
}
