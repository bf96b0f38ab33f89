//! What a module that is made from another calls its sorts, operators and statements.
//!
//! The one idea: a parameter, an instance and a renaming as it is written all come down to the
//! same table of names, where an item for one family of operators lists the sorts of its kinds: a
//! family is meant if each of its kinds has one of them, as a smaller module may not have all.

use std::sync::Arc;

use super::describe::{format_text, gather_text};
use super::items::{constant_name, parameterized_constant};
use super::names::Naming;
use crate::name::Name;
use crate::signature::{KindId, Signature};
use crate::syntax::ast::{Attributes, RenamingItem};

/// New names for sorts, labels and operators.
#[derive(Clone, Default, Debug)]
pub(super) struct Renaming {
    pub(super) sorts: Vec<(Name, Name)>,
    pub(super) labels: Vec<(Name, Name)>,
    pub(super) operators: Vec<OperatorItem>,
}

/// A new name for operators.
#[derive(Clone, Debug)]
pub(super) struct OperatorItem {
    pub(super) from: Name,
    /// Sorts for each argument and, last, the result; none if all operators of the name are meant.
    pub(super) types: Option<Vec<Vec<Name>>>,
    pub(super) to: Name,
    /// `prec`, `gather` and `format` of the new operator.
    pub(super) attributes: Arc<Attributes>,
}

/// The kinds of the arguments and of the result of an operator.
pub(super) type Rank<'k> = (&'k [KindId], KindId);

impl OperatorItem {
    /// One without attributes.
    pub(super) fn new(from: Name, types: Option<Vec<Vec<Name>>>, to: Name) -> OperatorItem {
        OperatorItem {
            from,
            types,
            to,
            attributes: Arc::default(),
        }
    }

    /// Whether an operator of this name is meant; `None` for a rank is that of a polymorphic one.
    pub(super) fn is_about(&self, rank: Option<Rank<'_>>, signature: &Signature) -> bool {
        let (types, (domain, range)) = match (&self.types, rank) {
            (None, _) => return true,
            (Some(_), None) => return false,
            (Some(types), Some(rank)) => (types, rank),
        };
        let is_of = |sorts: &[Name], kind: KindId| {
            let mut sorts = sorts.iter().filter_map(|&sort| signature.sort_named(sort));
            sorts.any(|sort| signature.kind_of(sort) == kind)
        };
        let Some((last, first)) = types.split_last() else {
            return false;
        };
        first.len() == domain.len()
            && is_of(last, range)
            && first
                .iter()
                .zip(domain)
                .all(|(sorts, &kind)| is_of(sorts, kind))
    }

    /// As Maude writes it.
    fn text(&self) -> String {
        let arity = match &self.types {
            Some(types) => types.len().saturating_sub(1),
            None => 0,
        };
        let shown = |name: Name| parameterized_constant(name, arity).unwrap_or(name);
        let mut text = format!("op {}", shown(self.from));
        if let Some((range, domain)) = self.types.as_ref().and_then(|types| types.split_last()) {
            let kind = |sorts: &Vec<Name>| {
                let names: Vec<&str> = sorts.iter().map(|sort| sort.as_str()).collect();
                format!("[{}]", names.join(","))
            };
            text += " :";
            for sorts in domain {
                text += &format!(" {}", kind(sorts));
            }
            text += &format!(" -> {}", kind(range));
        }
        text += &format!(" to {}", shown(self.to));
        text + &attributes_text(&self.attributes)
    }
}

/// ` [prec 3 gather (e E)]`, or nothing.
pub(super) fn attributes_text(attributes: &Attributes) -> String {
    let mut words: Vec<String> = Vec::new();
    let precedence = attributes.precedence;
    words.extend(precedence.map(|precedence| format!("prec {precedence}")));
    words.extend(attributes.gather.as_deref().map(gather_text));
    words.extend(attributes.format.as_deref().map(format_text));
    match words.is_empty() {
        true => String::new(),
        false => format!(" [{}]", words.join(" ")),
    }
}

impl Renaming {
    /// The one that is written.
    pub(super) fn of_items(items: &[RenamingItem]) -> Renaming {
        let mut renaming = Renaming::default();
        for item in items {
            match item {
                RenamingItem::Sort(from, to) => renaming.sorts.push((from.name, to.name)),
                RenamingItem::Label(from, to) => renaming.labels.push((from.name, to.name)),
                RenamingItem::Operator {
                    from,
                    rank,
                    to,
                    attributes,
                } => renaming.operators.push(OperatorItem {
                    from: from.name,
                    types: rank.as_ref().map(|(domain, range)| {
                        let sorts = domain.iter().chain([range]);
                        sorts.map(|sort| vec![sort.name]).collect()
                    }),
                    to: to.name,
                    attributes: Arc::new((**attributes).clone()),
                }),
            }
        }
        renaming
    }

    /// Whether it changes nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.sorts.is_empty() && self.labels.is_empty() && self.operators.is_empty()
    }

    /// The new name of a sort.
    pub(super) fn sort(&self, name: Name) -> Name {
        let found = self.sorts.iter().find(|(from, _)| *from == name);
        found.map_or(name, |&(_, to)| to)
    }

    /// The new name of a label.
    pub(super) fn label(&self, name: Name) -> Name {
        let found = self.labels.iter().find(|(from, _)| *from == name);
        found.map_or(name, |&(_, to)| to)
    }

    /// What is said of an operator; `None` for a rank is that of a polymorphic one.
    pub(super) fn operator(
        &self,
        name: Name,
        rank: Option<Rank<'_>>,
        signature: &Signature,
    ) -> Option<&OperatorItem> {
        let mut items = self.operators.iter().filter(|item| item.from == name);
        items.find(|item| item.is_about(rank, signature))
    }

    /// The same where parameters in the names are given.
    pub(super) fn named(&self, naming: &Naming) -> Renaming {
        let sorts = self.sorts.iter();
        let constant = |name: Name, arity: usize| match parameterized_constant(name, arity) {
            Some(name) => constant_name(naming.name(name)),
            None => name,
        };
        let operator = |item: &OperatorItem| {
            let arity = match &item.types {
                Some(types) => types.len().saturating_sub(1),
                None => 0,
            };
            // One sort of each kind is enough.
            let one = |sorts: &Vec<Name>| {
                let first = sorts.first().map(|&sort| naming.name(sort));
                first.into_iter().collect()
            };
            OperatorItem {
                from: constant(item.from, arity),
                types: item
                    .types
                    .as_ref()
                    .map(|types| types.iter().map(one).collect()),
                to: constant(item.to, arity),
                attributes: Arc::clone(&item.attributes),
            }
        };
        Renaming {
            sorts: sorts
                .map(|&(from, to)| (naming.name(from), naming.name(to)))
                .collect(),
            labels: self.labels.clone(),
            operators: self.operators.iter().map(operator).collect(),
        }
    }

    /// As Maude writes it in the name of a module.
    pub(super) fn text(&self) -> String {
        let sorts = self
            .sorts
            .iter()
            .map(|(from, to)| format!("sort {from} to {to}"));
        let labels = (self.labels.iter()).map(|(from, to)| format!("label {from} to {to}"));
        let mut shown: Vec<String> = sorts.chain(labels).collect();
        let mut operators: Vec<String> = self.operators.iter().map(OperatorItem::text).collect();
        operators.sort_unstable();
        shown.append(&mut operators);
        shown.join(", ")
    }
}
