//! What parameters and instances call their sorts and operators.
//!
//! The one idea: which sorts and operators they rename follows from the declarations of the theory
//! and the views.

use super::instance::{Argument, Given, Parameter};
use super::own::{OwnOperator, rank_of};
use super::renaming::{OperatorItem, Renaming};
use super::view::View;
use super::{Library, ModuleId, Origin};
use crate::name::Name;

impl Library {
    /// What a module renames of the one that it is made from.
    pub(super) fn renaming_of(&self, origin: &Origin) -> Renaming {
        match origin {
            Origin::Text(_) | Origin::Sum => Renaming::default(),
            Origin::Renamed { renaming, .. } => (**renaming).clone(),
            Origin::Parameter { base, name } => self.renaming_of_parameter(*base, *name),
            Origin::Instance { base, given } => self.renaming_of_given(*base, given),
        }
    }

    /// From a theory into its copy for a parameter.
    pub(super) fn renaming_of_parameter(&self, theory: ModuleId, name: Name) -> Renaming {
        let mut renaming = Renaming::default();
        for part in self.theories_in(theory) {
            let own = self.own(part);
            let named = |sort: &Name| (*sort, in_copy(name, *sort));
            renaming.sorts.extend(own.sorts.iter().map(named));
            for operator in own.operators.iter().filter(|own| own.is_class()) {
                let types = Some(operator.types(|sort| sort));
                let copied = in_copy(name, operator.name);
                let item = OperatorItem::new(operator.name, types, copied);
                renaming.operators.push(item);
            }
            renaming
                .labels
                .extend(self.own_labels(part).iter().map(named));
        }
        renaming
    }

    /// From a module with parameters into its instance.
    pub(super) fn renaming_of_given(&self, base: ModuleId, given: &Given) -> Renaming {
        let mut renaming = Renaming::default();
        for (parameter, argument) in given {
            self.rename_theory(parameter, argument, &mut renaming);
        }
        let naming = self.naming(given);
        if naming.is_trivial {
            return renaming;
        }
        // What comes from parameters is called as it is by chance.
        let copies: Vec<ModuleId> = (self.entries[base.index()].parameters.iter())
            .map(|parameter| parameter.copy)
            .collect();
        let of_parameters = self.transitive(&copies);
        let parts = self.transitive(&[base]).into_iter();
        for part in parts.filter(|part| !of_parameters.contains(part)) {
            let own = self.own(part);
            // Some are declared by being below or above others.
            let related = own.subsorts.iter();
            let related = related.flat_map(|&(lower, upper)| [lower, upper]);
            for sort in own.sorts.iter().copied().chain(related) {
                let named = naming.name(sort);
                if named != sort && !renaming.sorts.iter().any(|(from, _)| *from == sort) {
                    renaming.sorts.push((sort, named));
                }
            }
            for operator in &own.operators {
                let Some(name) = parameterized_constant(operator.name, operator.domain.len())
                else {
                    continue;
                };
                let named = naming.name(name);
                if named != name {
                    let is_polymorphic = !operator.attributes.poly.is_empty();
                    let types = (!is_polymorphic).then(|| operator.types(|sort| sort));
                    let item = OperatorItem::new(operator.name, types, constant_name(named));
                    renaming.operators.push(item);
                }
            }
        }
        renaming
    }

    /// The new names of what a parameter has from its theory.
    fn rename_theory(&self, parameter: &Parameter, argument: &Argument, renaming: &mut Renaming) {
        let theories = self.theories_in(parameter.theory);
        for &part in &theories {
            for &sort in &self.own(part).sorts {
                let copied = in_copy(parameter.name, sort);
                let mapped = match argument {
                    Argument::Parameter(around) => in_copy(around.name, sort),
                    Argument::View(view) => {
                        let mapped = view.names.sort(sort);
                        match self.is_theory(view.to) && self.is_of_theory(view.to, mapped) {
                            true => in_copy(parameter.name, mapped),
                            false => mapped,
                        }
                    }
                };
                if mapped != copied && !renaming.sorts.iter().any(|(from, _)| *from == copied) {
                    renaming.sorts.push((copied, mapped));
                }
            }
        }
        for &part in &theories {
            for operator in &self.own(part).operators {
                let named = match argument {
                    Argument::View(view) => self.mapped_operator(parameter, view, operator),
                    Argument::Parameter(around) if operator.is_class() => Some((
                        in_copy(parameter.name, operator.name),
                        in_copy(around.name, operator.name),
                    )),
                    Argument::Parameter(_) => None,
                };
                let Some((from, to)) = named.filter(|(from, to)| from != to) else {
                    continue;
                };
                let types = operator.attributes.poly.is_empty().then(|| {
                    operator.types(|sort| match self.is_of_theory(parameter.theory, sort) {
                        true => in_copy(parameter.name, sort),
                        false => sort,
                    })
                });
                renaming.operators.push(OperatorItem::new(from, types, to));
            }
        }
    }

    /// What an operator of a theory is called in the copy for a parameter, and by a view.
    fn mapped_operator(
        &self,
        parameter: &Parameter,
        view: &View,
        operator: &OwnOperator,
    ) -> Option<(Name, Name)> {
        let signature = &self.elaborated(view.from).signature;
        let rank = match operator.attributes.poly.is_empty() {
            true => Some(rank_of(signature, operator, |sort| sort)?),
            false => None,
        };
        let rank = rank.as_ref().map(|(domain, range)| (&domain[..], *range));
        let item = view.names.operator(operator.name, rank, signature);
        let name = item.map_or(operator.name, |item| item.to);
        if !operator.is_class() {
            return Some((operator.name, name));
        }
        let copied = in_copy(parameter.name, operator.name);
        match self.is_theory(view.to) {
            true => Some((copied, in_copy(parameter.name, name))),
            false => Some((copied, name)),
        }
    }

    /// Whether a sort is declared in a theory itself, not in a module that it imports.
    fn is_of_theory(&self, theory: ModuleId, sort: Name) -> bool {
        let parts = self.transitive(&[theory]);
        !(parts.iter()).any(|&part| match &self.entries[part.index()].origin {
            Origin::Text(text) if !text.is_theory => {
                text.sorts.iter().any(|declared| declared.name == sort)
            }
            _ => false,
        })
    }

    /// The labels of the statements of a module itself.
    pub(super) fn own_labels(&self, id: ModuleId) -> Vec<Name> {
        // How labels change on the way from the text, the last change first.
        let mut changes: Vec<&Origin> = Vec::new();
        let mut origin = &self.entries[id.index()].origin;
        let text = loop {
            let base = match origin {
                Origin::Text(text) => break text,
                Origin::Sum => return Vec::new(),
                Origin::Renamed { base, .. }
                | Origin::Instance { base, .. }
                | Origin::Parameter { base, .. } => *base,
            };
            changes.push(origin);
            origin = &self.entries[base.index()].origin;
        };
        let labels = text.statements.iter().filter_map(|text| text.label);
        let changed = labels.map(|label| {
            (changes.iter().rev()).fold(label.name, |label, change| match change {
                Origin::Renamed { renaming, .. } => renaming.label(label),
                Origin::Parameter { name, .. } => in_copy(*name, label),
                Origin::Text(_) | Origin::Instance { .. } | Origin::Sum => label,
            })
        });
        changed.collect()
    }
}

/// `X$Elt`
pub(super) fn in_copy(parameter: Name, name: Name) -> Name {
    Name::new(&format!("{parameter}${name}"))
}

/// The name of a constant without backquotes if it ends in braces after a word, as `c{X}` does.
pub(super) fn parameterized_constant(name: Name, arity: usize) -> Option<Name> {
    let text = name.as_str();
    let (stem, _) = text.split_once("`{")?;
    let is_one = arity == 0 && !stem.is_empty() && !stem.contains('`') && text.ends_with("`}");
    is_one.then(|| Name::new(&text.replace('`', "")))
}

/// The name of a constant that is written like a sort with parameters.
pub(super) fn constant_name(name: Name) -> Name {
    let mut text = String::new();
    for character in name.as_str().chars() {
        if matches!(character, '{' | '}' | ',' | '[' | ']' | '(' | ')') {
            text.push('`');
        }
        text.push(character);
    }
    Name::new(&text)
}
