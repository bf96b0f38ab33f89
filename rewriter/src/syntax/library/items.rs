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
use crate::pattern::{Pattern, PatternId, PatternNode, VariableId};
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
                        let own = self.own(part);
                        for &sort in &own.sorts {
                            items.push(sort_item(sort, Name::new(&format!("{name}${sort}"))));
                        }
                        for operator in own.operators.iter().filter(|own| own.is_class()) {
                            let copied = Name::new(&format!("{name}${}", operator.name));
                            items.push(constant_item(operator, operator.name, copied));
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
                // A sort that is only called as if it were of a parameter stays.
                let is_copy = matches!(
                    self.entries[part.index()].origin,
                    Origin::Parameter { .. } | Origin::Instance { .. } | Origin::Renamed { .. }
                );
                if !is_copy && sort.as_str().contains('$') && !sort.as_str().contains('{') {
                    continue;
                }
                let bound = bound_sort(sort, environment, &|binding, sort| {
                    self.bound_theory_sort(binding, sort)
                });
                if bound != sort {
                    items.push(sort_item(sort, bound));
                }
            }
            for operator in &self.own(part).operators {
                items.extend(self.bound_constant(operator, environment));
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

    /// The renaming of a constant whose name ends in parameters, such as `c{X}`.
    fn bound_constant(
        &self,
        operator: &OwnOperator,
        environment: &Environment,
    ) -> Option<RenamingItem> {
        let name = parameterized_constant(operator.name, operator.domain.len())?;
        let bound = bound_sort(name, environment, &|binding, sort| {
            self.bound_theory_sort(binding, sort)
        });
        if bound == name {
            return None;
        }
        Some(constant_item(operator, operator.name, constant_name(bound)))
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
        let copied = match operator.is_class() {
            true => Name::new(&format!("{parameter}${}", operator.name)),
            false => operator.name,
        };
        if operator.is_class() && self.is_theory(binding.target()) {
            let end = binding.end.as_ref().map_or(parameter, |end| end.name);
            name = Name::new(&format!("{end}${name}"));
        }
        if name == copied {
            return None;
        }
        let rank = self.rank_in_copy(parameter, theory, operator);
        let spanned = |name| Spanned {
            name,
            span: operator.span,
        };
        Some(RenamingItem::Operator {
            from: spanned(copied),
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
            if binding.is_composed() {
                let mapped = self.mapped_to_terms(binding, target, diagnostics);
                mappings.extend(mapped.into_iter().filter_map(|(operator, term)| {
                    let domain: Option<Vec<KindId>> = (operator.domain.iter())
                        .map(|&kind| kind_in_copy(&operator.signature, kind, *parameter, base))
                        .collect();
                    Some(TermMapping {
                        name: operator.name,
                        arguments: numbered(operator.domain.len()),
                        domain: domain?,
                        term,
                    })
                }));
            }
        }
        mappings
    }

    /// The operators of the theory of a parameter that become terms by a chain of views.
    fn mapped_to_terms(
        &self,
        binding: &Binding,
        target: &Elaborated,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<(Mapped, Pattern)> {
        let (Some(first), Some(last)) = (binding.views.first(), binding.views.last()) else {
            return Vec::new();
        };
        let mut chain: Vec<Translation> = Vec::with_capacity(binding.views.len() + 1);
        for view in &binding.views {
            self.view_translations(view, diagnostics, &mut chain);
        }
        let items = match &binding.end {
            Some(end) => self.items_of(&Origin::Parameter {
                base: last.to,
                name: end.name,
            }),
            None => Arc::new([]),
        };
        chain.push(Translation::new(self.elaborated(last.to), target, &items));
        let signature = &self.elaborated(first.from).signature;
        let mut mapped = Vec::new();
        for part in self.transitive(&[first.from]) {
            if !self.is_theory(part) {
                continue;
            }
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

    /// From the theory of a view to what it maps to, in one or two steps.
    fn view_translations(
        &self,
        view: &View,
        diagnostics: &mut Vec<Diagnostic>,
        chain: &mut Vec<Translation>,
    ) {
        let (from, to) = (self.elaborated(view.from), self.elaborated(view.to));
        // Where the parameters of the view are free, its text means what it says.
        let (near, sorts) = match &view.general {
            None => (to, view.sorts.clone()),
            Some((general, _)) => {
                let written = view.text.items.iter().filter_map(|item| match item {
                    RenamingItem::Sort(from, to) => Some((from.name, to.name)),
                    _ => None,
                });
                (self.elaborated(*general), written.collect())
            }
        };
        let items = sorts.iter().map(|&(from, to)| sort_item(from, to));
        let items: Vec<RenamingItem> = items.chain(view.operators.iter().cloned()).collect();
        let mut terms = Vec::new();
        for text in &view.text.terms {
            match term_mapping(view, &sorts, text, (from, near), diagnostics) {
                Ok(mapping) => terms.push(mapping),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        chain.push(Translation::new(from, near, &items).with_terms(from, terms));
        if let Some((general, bindings)) = &view.general {
            let items = self.items_of_instance(*general, bindings);
            let terms = self.term_mappings(near, bindings, to, diagnostics);
            chain.push(Translation::new(near, to, &items).with_terms(near, terms));
        }
    }
}

/// Reads a mapping of an operator to a term.
fn term_mapping(
    view: &View,
    sorts: &[(Name, Name)],
    text: &TermMappingText,
    (from, to): (&Elaborated, &Elaborated),
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<TermMapping, Diagnostic> {
    let bad = |message: &str| Diagnostic::error("bad-view", text.span, message);
    let mapped = |sort: Name| {
        let mapped = sorts.iter().find(|(from, _)| *from == sort);
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
    let copied = Name::new(&format!("{parameter}${name}"));
    let signature = &base.signature;
    let sort = (signature.sort_named(copied)).or_else(|| signature.sort_named(name))?;
    Some(signature.kind_of(sort))
}

/// The renaming of a constant.
fn constant_item(operator: &OwnOperator, from: Name, to: Name) -> RenamingItem {
    let spanned = |name| Spanned {
        name,
        span: operator.span,
    };
    let (name, is_kind) = operator.range;
    let range = SortText {
        name,
        is_kind,
        span: operator.span,
    };
    RenamingItem::Operator {
        from: spanned(from),
        rank: Some((Vec::new(), range)),
        to: spanned(to),
        attributes: Box::new(Attributes::default()),
    }
}

/// The name of a constant without backquotes if it ends in braces after a word, as `c{X}` does.
pub(super) fn parameterized_constant(name: Name, arity: usize) -> Option<Name> {
    let text = name.as_str();
    let (stem, _) = text.split_once("`{")?;
    let is_one = arity == 0 && !stem.is_empty() && !stem.contains('`') && text.ends_with("`}");
    is_one.then(|| Name::new(&text.replace('`', "")))
}

/// The name of a constant that is written like a sort with parameters.
fn constant_name(name: Name) -> Name {
    let mut text = String::new();
    for character in name.as_str().chars() {
        if matches!(character, '{' | '}' | ',' | '[' | ']' | '(' | ')') {
            text.push('`');
        }
        text.push(character);
    }
    Name::new(&text)
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
