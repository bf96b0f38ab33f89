//! Views: how a module or theory has what a theory asks for.
//!
//! The one idea: an instance of a view with parameters is the view, followed by the renaming that
//! takes what it leads to into the instance of that.

use std::sync::Arc;

use super::instance::{Argument, Environment, Given, Parameter};
use super::names::{clean_with_arguments, with_arguments};
use super::own::rank_of;
use super::renaming::{OperatorItem, Renaming};
use super::{Library, ModuleId, Origin};
use crate::name::Name;
use crate::source::Span;
use crate::syntax::ast::{ArgumentText, ModuleExpression, RenamingItem, Spanned, ViewText};

/// A view, or an instance of one.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// With its arguments, as in `Map{[X], Nat}`.
    pub(super) name: Name,
    /// The same in the names of sorts: `Map{X,Nat}`.
    pub(super) clean: Name,
    pub(super) from: ModuleId,
    pub(super) to: ModuleId,
    pub(super) parameters: Vec<Parameter>,
    /// Sorts and operators that have another name there.
    pub(super) names: Renaming,
    /// Of an instance, what it was made of.
    pub(super) base: Option<Base>,
    pub(super) text: Arc<ViewText>,
}

/// What an instance of a view was made of.
#[derive(Clone, Debug)]
pub(super) struct Base {
    pub(super) view: Arc<View>,
    pub(super) given: Vec<(Parameter, Argument)>,
    /// From what the view leads to into what the instance does.
    pub(super) renaming: Renaming,
}

impl View {
    /// What two views that are the same have in common.
    pub(super) fn key(&self) -> String {
        let arguments: Vec<String> = (self.base.iter().flat_map(|base| &base.given))
            .map(|(_, argument)| argument.key())
            .collect();
        let text = Arc::as_ptr(&self.text);
        format!(
            "{}:{:?}:{:?}:{text:?}{arguments:?}",
            self.name, self.from, self.to
        )
    }

    /// Whether operators become terms by it or by what its parameters are given.
    pub(super) fn is_composed(&self) -> bool {
        self.parts().iter().any(|view| !view.text.terms.is_empty())
    }

    /// The views that it was made of, with itself.
    pub(super) fn parts(&self) -> Vec<&View> {
        let mut parts = vec![self];
        let mut next = 0;
        while let Some(view) = parts.get(next) {
            if let Some(base) = &view.base {
                let given = base
                    .given
                    .iter()
                    .filter_map(|(_, argument)| match argument {
                        Argument::View(view) => Some(&**view),
                        Argument::Parameter(_) => None,
                    });
                let more: Vec<&View> = given.chain([&*base.view]).collect();
                parts.extend(more);
            }
            next += 1;
        }
        parts
    }
}

impl Library {
    /// Defines a view. Mistakes in it are found when it is used.
    pub fn define_view(&mut self, text: ViewText) {
        let name = text.name.name;
        if mentions_view(&text.from, name) || mentions_view(&text.to, name) {
            let message = format!("view `{name}` uses itself");
            self.refuse("recursive-view", text.name.span, message);
            return;
        }
        if !self.keeps_sorts_of_modules(&text) {
            return;
        }
        self.current_view = Some(name);
        let earlier = self.views.get(&name).cloned();
        if (earlier.as_ref())
            .is_some_and(|earlier| self.sources.text(earlier.span) == self.sources.text(text.span))
        {
            // Files that are loaded twice change nothing.
            return;
        }
        self.note_name(name);
        if !self.view_names.contains(&name) {
            self.view_names.push(name);
        }
        let text = Arc::new(text);
        let ends = self.silently(|library| library.plain_view(&text));
        if let Some(earlier) = earlier {
            // What only the earlier one needed is there until the next module is defined.
            let ends = self.silently(|library| library.plain_view(&earlier));
            let ends = ends.map_or(Vec::new(), |view| vec![view.from, view.to]);
            self.made_lately.extend(ends);
        }
        self.plain_views.remove(&name);
        self.plain_views.extend(ends.map(|view| (name, view)));
        if self.views.insert(name, text).is_some() {
            self.renew(|library, id| library.uses_view(id, name));
        }
    }

    /// Does something whose mistakes are told later.
    pub(super) fn silently<T>(&mut self, act: impl FnOnce(&mut Library) -> T) -> T {
        let n_diagnostics = self.diagnostics.len();
        let done = act(self);
        self.diagnostics.truncate(n_diagnostics);
        done
    }

    /// Whether sorts that a theory has from modules are in the target, where nothing is said of
    /// them, from modules as well: what a module means is fixed.
    fn keeps_sorts_of_modules(&mut self, text: &ViewText) -> bool {
        if !text.parameters.is_empty() {
            return true;
        }
        // What is wrong with them is told when the view is used.
        let ends =
            self.silently(|library| (library.resolve(&text.from), library.resolve(&text.to)));
        let (Some(from), Some(to)) = ends else {
            return true;
        };
        let is_mapped = |sort: Name| {
            (text.items.iter())
                .any(|item| matches!(item, RenamingItem::Sort(from, _) if from.name == sort))
        };
        let of_modules = self.declared_sorts(from, false);
        let of_theories = self.declared_sorts(to, true);
        let of_target = self.declared_sorts(to, false);
        let wrong = of_modules.into_iter().find(|&sort| {
            !is_mapped(sort) && of_theories.contains(&sort) && !of_target.contains(&sort)
        });
        if let Some(sort) = wrong {
            let message = format!(
                "sort `{sort}` belongs to a module and cannot become one of a theory unsaid"
            );
            self.refuse("bad-view", text.name.span, message);
        }
        wrong.is_none()
    }

    /// The sorts that theories, or modules, declare that a module consists of.
    pub(super) fn declared_sorts(&self, id: ModuleId, by_theories: bool) -> Vec<Name> {
        (self.transitive(&[id]).into_iter())
            .filter_map(|id| match &self.entries[id.index()].origin {
                Origin::Text(text) if text.is_theory == by_theories => Some(text),
                _ => None,
            })
            .flat_map(|text| text.sorts.iter().map(|sort| sort.name))
            .collect()
    }

    /// Whether something that a module consists of was made with a view.
    fn uses_view(&self, id: ModuleId, name: Name) -> bool {
        let is_used = |view: &View| {
            let mut parts = view.parts().into_iter();
            parts.any(|part| part.text.name.name == name)
        };
        (self.needed(id).0.iter()).any(|&needed| match &self.entries[needed.index()].origin {
            Origin::Instance { given, .. } => given.iter().any(|(_, argument)| match argument {
                Argument::View(view) => is_used(view),
                Argument::Parameter(_) => false,
            }),
            _ => false,
        })
    }

    /// The view that an argument names, with its own arguments.
    pub(super) fn view(
        &mut self,
        argument: &ArgumentText,
        environment: &Environment,
    ) -> Option<Arc<View>> {
        let Spanned { name, span } = argument.name;
        self.load_prelude_view(name);
        let Some(text) = self.views.get(&name).cloned() else {
            self.refuse("unknown-view", span, format!("there is no view `{name}`"));
            return None;
        };
        let mut view = self.plain_view(&text)?;
        for group in &argument.groups {
            let parameters = self.checked_parameters(&view, group.len(), span)?;
            let mut given = Vec::with_capacity(group.len());
            for (parameter, argument) in parameters.into_iter().zip(group) {
                let argument = self.argument(argument, &parameter, environment)?;
                given.push((parameter, argument));
            }
            view = self.view_instance(&view, given)?;
        }
        if view.parameters.iter().any(|parameter| !parameter.is_bound) {
            self.checked_parameters(&view, 0, span)?;
        }
        Some(view)
    }

    /// The free parameters of a view to which so many arguments are given.
    fn checked_parameters(
        &mut self,
        view: &View,
        n_given: usize,
        span: Span,
    ) -> Option<Vec<Parameter>> {
        let free: Vec<Parameter> = (view.parameters.iter())
            .filter(|parameter| !parameter.is_bound)
            .cloned()
            .collect();
        if free.len() != n_given {
            let message = format!(
                "view `{}` has {} parameters, and {n_given} are given",
                view.name,
                free.len()
            );
            self.refuse("bad-argument", span, message);
            return None;
        }
        Some(free)
    }

    /// The view that a text means, its parameters free.
    fn plain_view(&mut self, text: &Arc<ViewText>) -> Option<Arc<View>> {
        let mut parameters = Vec::with_capacity(text.parameters.len());
        for parameter in &text.parameters {
            parameters.push(self.parameter(parameter.name.name, &parameter.theory)?);
        }
        let from = self.resolve(&text.from)?;
        let to = self.resolve_in(&text.to, &parameters)?;
        Some(Arc::new(View {
            name: text.name.name,
            clean: text.name.name,
            from,
            to,
            parameters,
            names: Renaming::of_items(&text.items),
            base: None,
            text: Arc::clone(text),
        }))
    }

    /// A view whose parameters are given.
    fn view_instance(
        &mut self,
        view: &Arc<View>,
        given: Vec<(Parameter, Argument)>,
    ) -> Option<Arc<View>> {
        let arguments: Vec<Argument> = given.iter().map(|(_, argument)| argument.clone()).collect();
        let name = Name::new(&with_arguments(view.name.as_str(), &arguments));
        self.note_name(name);
        let clean = Name::new(&clean_with_arguments(view.clean.as_str(), &arguments));
        self.note_name(clean);
        let to = self.bound_instance(view.to, &given)?;
        self.elaborate(view.from);
        self.elaborate(view.to);
        for argument in &arguments {
            if let Argument::View(view) = argument {
                self.elaborate(view.from);
            }
        }
        let renaming = self.renaming_of_given(view.to, &given);
        let names = self.names_of_instance(view, &renaming);
        let instance = Arc::new(View {
            name,
            clean,
            from: view.from,
            to,
            parameters: self.left_parameters(&given),
            names,
            base: Some(Base {
                view: Arc::clone(view),
                given,
                renaming,
            }),
            text: Arc::clone(&view.text),
        });
        let key = instance.key();
        let is_known = |known: &Arc<View>| known.key() == key;
        if !self.made_views.iter().any(is_known) {
            self.made_views.push(Arc::clone(&instance));
        }
        Some(instance)
    }

    /// The instance of a view that takes the place of one with bound parameters.
    pub(super) fn bound_view(&mut self, view: &Arc<View>, given: &Given) -> Option<Arc<View>> {
        let base = view.base.clone()?;
        let mut escaped = Vec::new();
        let mut arguments = Vec::with_capacity(base.given.len());
        for (parameter, argument) in &base.given {
            let argument = self.bound_argument(argument, given, &mut escaped)?;
            arguments.push((parameter.clone(), argument));
        }
        let instance = self.view_instance(&base.view, arguments)?;
        if escaped.is_empty() {
            return Some(instance);
        }
        let free = instance.parameters.iter().filter(|free| !free.is_bound);
        let again = escaped.into_iter();
        let again = again.map(|(name, theory)| self.given_again(name, theory));
        let given = free.cloned().zip(again).collect();
        self.view_instance(&instance, given)
    }

    /// The names of an instance of a view: those of the view, and what becomes of them.
    fn names_of_instance(&self, view: &View, renaming: &Renaming) -> Renaming {
        let mut names = Renaming::default();
        let (from, to) = (self.elaborated(view.from), self.elaborated(view.to));
        for part in self.theories_in(view.from) {
            let own = self.own(part);
            for &sort in &own.sorts {
                let mapped = renaming.sort(view.names.sort(sort));
                if mapped != sort {
                    names.sorts.push((sort, mapped));
                }
            }
            for operator in &own.operators {
                let is_polymorphic = !operator.attributes.poly.is_empty();
                let rank = rank_of(&from.signature, operator, |sort| sort);
                let there = rank_of(&to.signature, operator, |sort| view.names.sort(sort));
                if !is_polymorphic && (rank.is_none() || there.is_none()) {
                    continue;
                }
                let rank = rank.as_ref().map(|(domain, range)| (&domain[..], *range));
                let there = there.as_ref().map(|(domain, range)| (&domain[..], *range));
                let item = view.names.operator(operator.name, rank, &from.signature);
                let name = item.map_or(operator.name, |item| item.to);
                let item = renaming.operator(name, there, &to.signature);
                let name = item.map_or(name, |item| item.to);
                if name != operator.name {
                    let types = (!is_polymorphic).then(|| operator.types(|sort| sort));
                    names
                        .operators
                        .push(OperatorItem::new(operator.name, types, name));
                }
            }
        }
        names
    }

    /// The theories that one consists of.
    pub(super) fn theories_in(&self, id: ModuleId) -> Vec<ModuleId> {
        let mut parts = self.transitive(&[id]);
        parts.retain(|&part| self.is_theory(part));
        parts
    }
}

/// Whether a view is an argument somewhere in a module expression. Recursion is bounded by the
/// outer parser.
fn mentions_view(module: &ModuleExpression, name: Name) -> bool {
    match module {
        ModuleExpression::Name(_) => false,
        ModuleExpression::Sum(modules) => modules.iter().any(|module| mentions_view(module, name)),
        ModuleExpression::Renaming(base, _) => mentions_view(base, name),
        ModuleExpression::Instance(base, arguments) => {
            mentions_view(base, name) || argument_mentions(arguments, name)
        }
    }
}

fn argument_mentions(arguments: &[ArgumentText], name: Name) -> bool {
    (arguments.iter()).any(|argument| {
        let mut groups = argument.groups.iter();
        argument.name.name == name || groups.any(|group| argument_mentions(group, name))
    })
}
