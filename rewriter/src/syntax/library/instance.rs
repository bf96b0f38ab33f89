//! Parameterized modules: parameters, views, instances.
//!
//! The one idea: an instance is a renaming of the module as it is written. A parameter `X :: TH`
//! is a copy of the theory in which a sort `S` is called `X$S`; the instance for a view imports
//! what the view maps to instead of the copy, takes `X$S` for what the view takes `S` for, and
//! `List{X}` for `List{V}`. The imports of the instance are those of the module, evaluated again
//! with the parameters bound, so that equal instances are one module.
//!
//! A view to another theory leaves a parameter free: then a binding is a chain of views, and a
//! name has several groups of braces, as in `List{TOTAL-ORDER}{X}`.

use std::sync::Arc;

use super::{Library, ModuleId, Origin};
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::source::Span;
use crate::syntax::ast::{
    ArgumentText, ModuleExpression, RenamingItem, SortText, Spanned, ViewText,
};

/// A parameter of a module.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: Name,
    pub(super) theory: ModuleId,
    /// The theory with its sorts named after the parameter.
    pub(super) copy: ModuleId,
}

/// A view whose parameters are given.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// With what its parameters were given, as in `Set{Nat}`.
    pub(super) name: Name,
    pub(super) from: ModuleId,
    pub(super) to: ModuleId,
    /// Sorts that have another name there.
    pub(super) sorts: Vec<(Name, Name)>,
    /// Operators that have another name there.
    pub(super) operators: Vec<RenamingItem>,
    /// Of a view with parameters, what it leads to where they are free, and what they are bound to.
    pub(super) general: Option<(ModuleId, Vec<(Name, Binding)>)>,
    pub(super) text: Arc<ViewText>,
}

impl View {
    /// Whether there is more to it than other names.
    fn is_composed(&self) -> bool {
        !self.text.terms.is_empty() || self.general.is_some()
    }
}

/// What a parameter was given: views, each from the theory to which the one before leads, and a
/// parameter at the end if the last of them leads to a theory, or if there is none.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    pub(super) views: Vec<Arc<View>>,
    pub(super) end: Option<Parameter>,
}

impl Binding {
    /// The name of a view or parameter for each group of braces.
    fn names(&self) -> Vec<Name> {
        let end = self.end.iter().map(|parameter| parameter.name);
        self.views.iter().map(|view| view.name).chain(end).collect()
    }

    /// What is imported instead of the copy of the theory.
    pub(super) fn target(&self) -> ModuleId {
        match (&self.end, self.views.last()) {
            (Some(parameter), _) => parameter.copy,
            (None, Some(view)) => view.to,
            (None, None) => unreachable!("a binding has views or a parameter"),
        }
    }

    /// Whether some operator of the theory may become a term.
    pub(super) fn is_composed(&self) -> bool {
        self.views.iter().any(|view| view.is_composed())
    }

    /// What two bindings that are the same have in common.
    fn key(&self) -> String {
        let views: Vec<String> = (self.views.iter())
            .map(|view| format!("{}:{:?}:{:?}", view.name, view.to, Arc::as_ptr(&view.text)))
            .collect();
        let end = self.end.as_ref().map(|end| (end.name, end.copy));
        format!("{views:?}{end:?}")
    }
}

/// What parameters are bound to where an expression is evaluated.
pub(super) type Environment = [(Name, Binding)];

/// A name followed by groups of arguments: `M{A, B}{C}`.
fn with_groups(stem: &str, bindings: &[Binding]) -> String {
    let mut text = stem.to_owned();
    let names: Vec<Vec<Name>> = bindings.iter().map(Binding::names).collect();
    for level in 0.. {
        let group: Vec<&str> = (names.iter())
            .filter_map(|names| names.get(level).map(|name| name.as_str()))
            .collect();
        if group.is_empty() {
            return text;
        }
        text += &format!("{{{}}}", group.join(","));
    }
    text
}

/// A sort name with parameters replaced by what they are bound to: `X$Elt`, `List{X}`.
pub(super) fn bound_sort(
    name: Name,
    environment: &Environment,
    theory_sort: &dyn Fn(&Binding, Name) -> Name,
) -> Name {
    let text = name.as_str();
    let bound = |parameter: &str| {
        let found = environment
            .iter()
            .find(|(name, _)| name.as_str() == parameter);
        found.map(|(_, binding)| binding)
    };
    if let Some((parameter, sort)) = text.split_once('$')
        && let Some(binding) = bound(parameter)
    {
        return theory_sort(binding, Name::new(sort));
    }
    if !text.contains('{') {
        return name;
    }
    let Some((stem, groups)) = groups(text) else {
        return name;
    };
    let mut result = stem.to_owned();
    for group in groups {
        let mut levels: Vec<Vec<Name>> = Vec::new();
        for argument in group {
            let names = match bound(argument) {
                Some(binding) => binding.names(),
                None => vec![bound_sort(Name::new(argument), environment, theory_sort)],
            };
            for (level, name) in names.into_iter().enumerate() {
                if levels.len() == level {
                    levels.push(Vec::new());
                }
                levels[level].push(name);
            }
        }
        for level in levels {
            let names: Vec<&str> = level.iter().map(|name| name.as_str()).collect();
            result += &format!("{{{}}}", names.join(","));
        }
    }
    Name::new(&result)
}

/// `List{X}{Y,Z}` as `List` and its groups of arguments; `None` if the braces do not match.
fn groups(text: &str) -> Option<(&str, Vec<Vec<&str>>)> {
    let open = text.find('{')?;
    let (stem, mut rest) = text.split_at(open);
    let mut groups = Vec::new();
    while let Some(inner) = rest.strip_prefix('{') {
        let mut group = Vec::new();
        let mut depth = 0usize;
        let mut start = 0;
        let mut end = None;
        for (offset, character) in inner.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => {
                    end = Some(offset);
                    break;
                }
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    group.push(&inner[start..offset]);
                    start = offset + 1;
                }
                _ => {}
            }
        }
        group.push(&inner[start..end?]);
        groups.push(group);
        rest = &inner[end? + 1..];
    }
    rest.is_empty().then_some((stem, groups))
}

impl Library {
    /// The copy of a theory for a parameter.
    pub(super) fn parameter_copy(&mut self, name: Name, theory: ModuleId) -> ModuleId {
        let mut copies: Vec<(ModuleId, ModuleId)> = Vec::new();
        let mut last = theory;
        for id in self.transitive(&[theory]) {
            if !self.is_theory(id) {
                continue;
            }
            let imports = self.entries[id.index()].imports.iter().map(|import| {
                let copy = copies.iter().find(|(original, _)| original == import);
                copy.map_or(*import, |&(_, copy)| copy)
            });
            let imports = imports.collect();
            let key = format!("{name} :: {id:?}");
            let shown = format!("{name} :: {}", self.name(id));
            last = self.derive(key, &shown, Origin::Parameter { base: id, name }, imports);
            copies.push((id, last));
        }
        last
    }

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
        let earlier = self.views.get(&name);
        if earlier
            .is_some_and(|earlier| self.sources.text(earlier.span) == self.sources.text(text.span))
        {
            // Files that are loaded twice change nothing.
            return;
        }
        self.view_names.retain(|&earlier| earlier != name);
        self.view_names.push(name);
        if self.views.insert(name, Arc::new(text)).is_some() {
            self.renew(|library, id| library.uses_view(id, name));
        }
    }

    /// Whether sorts that a theory has from modules are in the target, where nothing is said of
    /// them, from modules as well: what a module means is fixed.
    fn keeps_sorts_of_modules(&mut self, text: &ViewText) -> bool {
        if !text.parameters.is_empty() {
            return true;
        }
        // What is wrong with them is told when the view is used.
        let n_diagnostics = self.diagnostics.len();
        let ends = (self.resolve(&text.from), self.resolve(&text.to));
        self.diagnostics.truncate(n_diagnostics);
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
    fn declared_sorts(&self, id: ModuleId, by_theories: bool) -> Vec<Name> {
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
        self.needed(id)
            .0
            .iter()
            .any(|&needed| match &self.entries[needed.index()].origin {
                Origin::Instance { bindings, .. } => (bindings.iter())
                    .flat_map(|(_, binding)| &binding.views)
                    .any(|view| view.text.name.name == name),
                _ => false,
            })
    }

    /// What an argument of a module or view binds a parameter to.
    fn argument(
        &mut self,
        argument: &ArgumentText,
        parameter: &Parameter,
        environment: &Environment,
    ) -> Option<Binding> {
        let name = argument.name.name;
        if argument.groups.is_empty()
            && let Some((_, binding)) = environment.iter().find(|(bound, _)| *bound == name)
        {
            let asked = binding.views.first().map(|view| view.from);
            let theory = asked.or(binding.end.as_ref().map(|end| end.theory));
            if theory != Some(parameter.theory) {
                let message = format!(
                    "parameter `{name}` is not for theory `{}`",
                    self.name(parameter.theory)
                );
                self.refuse("bad-argument", argument.name.span, message);
                return None;
            }
            return Some(binding.clone());
        }
        let view = self.view(argument, environment)?;
        if view.from != parameter.theory {
            let message = format!(
                "view `{name}` is from theory `{}`, and theory `{}` is asked for",
                self.name(view.from),
                self.name(parameter.theory)
            );
            self.refuse("bad-argument", argument.name.span, message);
            return None;
        }
        let end = self.is_theory(view.to).then(|| Parameter {
            name: parameter.name,
            theory: view.to,
            copy: self.parameter_copy(parameter.name, view.to),
        });
        Some(Binding {
            views: vec![view],
            end,
        })
    }

    /// The view that an argument names, with its own arguments.
    fn view(&mut self, argument: &ArgumentText, environment: &Environment) -> Option<Arc<View>> {
        let Spanned { name, span } = argument.name;
        self.load_prelude_view(name);
        let Some(text) = self.views.get(&name).cloned() else {
            self.refuse("unknown-view", span, format!("there is no view `{name}`"));
            return None;
        };
        let mut inner: Vec<(Name, Binding)> = Vec::new();
        let mut free: Vec<(Name, Binding)> = Vec::new();
        if !text.parameters.is_empty() {
            let group = argument.groups.first().map_or(&[][..], Vec::as_slice);
            if group.len() != text.parameters.len() {
                let message = format!("view `{name}` has {} parameters", text.parameters.len());
                self.refuse("bad-argument", span, message);
                return None;
            }
            for (parameter, argument) in text.parameters.iter().zip(group) {
                let parameter = self.parameter(parameter.name.name, &parameter.theory)?;
                let binding = self.argument(argument, &parameter, environment)?;
                inner.push((parameter.name, binding));
                let unbound = Binding {
                    views: Vec::new(),
                    end: Some(parameter.clone()),
                };
                free.push((parameter.name, unbound));
            }
            // Views to theories leave parameters free, which the next group gives.
            for group in &argument.groups[1..] {
                self.bind_further(&mut inner, group, environment, span)?;
            }
        }
        let bindings: Vec<Binding> = inner.iter().map(|(_, binding)| binding.clone()).collect();
        let from = self.resolve(&text.from)?;
        let general = match free.is_empty() {
            true => None,
            false => Some((self.resolve_in(&text.to, &free)?, inner.clone())),
        };
        let to = self.resolve_in(&text.to, &inner)?;
        let mut sorts = Vec::new();
        let mut operators = Vec::new();
        for item in &text.items {
            match item {
                RenamingItem::Sort(from, to) => {
                    let to = bound_sort(to.name, &inner, &|binding, sort| {
                        self.bound_theory_sort(binding, sort)
                    });
                    sorts.push((from.name, to));
                }
                RenamingItem::Operator { .. } => operators.push(item.clone()),
                RenamingItem::Label(..) => {}
            }
        }
        Some(Arc::new(View {
            name: Name::new(&with_groups(name.as_str(), &bindings)),
            from,
            to,
            sorts,
            operators,
            general,
            text,
        }))
    }

    /// Gives the parameters that views to theories left free.
    fn bind_further(
        &mut self,
        bindings: &mut [(Name, Binding)],
        group: &[ArgumentText],
        environment: &Environment,
        span: Span,
    ) -> Option<()> {
        let free = |binding: &Binding| binding.end.clone().filter(|_| !binding.views.is_empty());
        let n_free = bindings
            .iter()
            .filter(|(_, binding)| free(binding).is_some())
            .count();
        if n_free != group.len() {
            let message = format!(
                "{n_free} parameters are free here, and {} are given",
                group.len()
            );
            self.refuse("bad-argument", span, message);
            return None;
        }
        let mut given = group.iter();
        for (_, binding) in bindings {
            if let Some(parameter) = free(binding)
                && let Some(argument) = given.next()
            {
                let more = self.argument(argument, &parameter, environment)?;
                binding.views.extend(more.views);
                binding.end = more.end;
            }
        }
        Some(())
    }

    /// A parameter as a text declares it.
    pub(super) fn parameter(&mut self, name: Name, theory: &ModuleExpression) -> Option<Parameter> {
        let theory_span = match theory {
            ModuleExpression::Name(name) => Some(name.span),
            _ => None,
        };
        let theory = self.resolve(theory)?;
        let of_modules = self.declared_sorts(theory, false);
        let clash = (self.declared_sorts(theory, true).into_iter())
            .map(|sort| Name::new(&format!("{name}${sort}")))
            .find(|sort| of_modules.contains(sort));
        if let (Some(sort), Some(span)) = (clash, theory_span) {
            let message = format!(
                "sort `{sort}` of parameter `{name}` is one of a module that the theory imports"
            );
            self.refuse("bad-parameter", span, message);
            return None;
        }
        let copy = self.parameter_copy(name, theory);
        Some(Parameter { name, theory, copy })
    }

    /// The module with its parameters given.
    pub(super) fn instance(
        &mut self,
        base: ModuleId,
        arguments: &[ArgumentText],
        environment: &Environment,
    ) -> Option<ModuleId> {
        let parameters = self.entries[base.index()].parameters.clone();
        if parameters.len() != arguments.len() {
            let message = format!(
                "module `{}` has {} parameters, and {} are given",
                self.name(base),
                parameters.len(),
                arguments.len()
            );
            let span = arguments.first().map(|argument| argument.name.span);
            if let Some(span) = span {
                self.refuse("bad-argument", span, message);
            }
            return None;
        }
        let mut bindings = Vec::with_capacity(arguments.len());
        for (parameter, argument) in parameters.iter().zip(arguments) {
            bindings.push(self.argument(argument, parameter, environment)?);
        }
        self.instantiate(base, bindings)
    }

    fn instantiate(&mut self, base: ModuleId, bindings: Vec<Binding>) -> Option<ModuleId> {
        let parameters = self.entries[base.index()].parameters.clone();
        let names = parameters.iter().map(|parameter| parameter.name);
        let environment: Vec<(Name, Binding)> = names.zip(bindings.iter().cloned()).collect();
        match self.entries[base.index()].origin.clone() {
            Origin::Text(text) => {
                let n_automatic = self.entries[base.index()].n_automatic;
                let automatic = &self.entries[base.index()].imports[parameters.len()..];
                let automatic = automatic[..n_automatic].to_vec();
                let mut imports: Vec<ModuleId> = bindings.iter().map(Binding::target).collect();
                imports.extend(automatic);
                for import in &text.imports {
                    imports.push(self.resolve_in(&import.module, &environment)?);
                }
                let keys: Vec<String> = bindings.iter().map(Binding::key).collect();
                let key = format!("{base:?}{keys:?}");
                let name = with_groups(text.name.name.as_str(), &bindings);
                let free = bindings.iter().filter(|binding| !binding.views.is_empty());
                let free = free.filter_map(|binding| binding.end.clone());
                let free: Vec<Parameter> = free
                    .filter(|end| {
                        let mut own = parameters.iter();
                        own.any(|parameter| parameter.name == end.name)
                    })
                    .collect();
                let origin = Origin::Instance {
                    base,
                    bindings: environment.into(),
                };
                let id = self.derive(key, &name, origin, imports);
                self.entries[id.index()].parameters = free;
                Some(id)
            }
            Origin::Renamed { base, items } => {
                let base = self.instantiate(base, bindings)?;
                let items = self.bound_items(&items, &environment);
                Some(self.renamed(base, items))
            }
            Origin::Instance {
                base,
                bindings: known,
            } => {
                let composed = known.iter().map(|(_, binding)| {
                    let end = binding.end.as_ref();
                    let more = end.and_then(|end| {
                        let mut given = environment.iter();
                        given.find(|(name, _)| *name == end.name)
                    });
                    match more {
                        Some((_, more)) => Binding {
                            views: [&binding.views[..], &more.views[..]].concat(),
                            end: more.end.clone(),
                        },
                        None => binding.clone(),
                    }
                });
                let composed = composed.collect();
                self.instantiate(base, composed)
            }
            Origin::Parameter { .. } | Origin::Sum => None,
        }
    }

    /// The items of a renaming where parameters are bound.
    pub(super) fn bound_items(
        &self,
        items: &[RenamingItem],
        environment: &Environment,
    ) -> Vec<RenamingItem> {
        let bound = |name: Name| {
            bound_sort(name, environment, &|binding, sort| {
                self.bound_theory_sort(binding, sort)
            })
        };
        let spanned = |sort: &Spanned| Spanned {
            name: bound(sort.name),
            span: sort.span,
        };
        let sort_text = |sort: &SortText| SortText {
            name: bound(sort.name),
            ..sort.clone()
        };
        let item = |item: &RenamingItem| match item {
            RenamingItem::Sort(from, to) => RenamingItem::Sort(spanned(from), spanned(to)),
            RenamingItem::Operator {
                from,
                rank: Some((domain, range)),
                to,
                attributes,
            } => RenamingItem::Operator {
                from: *from,
                rank: Some((domain.iter().map(sort_text).collect(), sort_text(range))),
                to: *to,
                attributes: attributes.clone(),
            },
            other => other.clone(),
        };
        items.iter().map(item).collect()
    }

    /// What a sort of a theory is called where a parameter for it is bound.
    pub(super) fn bound_theory_sort(&self, binding: &Binding, sort: Name) -> Name {
        let mut sort = sort;
        for view in &binding.views {
            let mapped = view.sorts.iter().find(|(from, _)| *from == sort);
            sort = match (mapped, &view.general) {
                (Some(&(_, to)), _) => to,
                // A sort of a parameter of the view.
                (None, Some((_, inner))) => bound_sort(sort, inner, &|binding, sort| {
                    self.bound_theory_sort(binding, sort)
                }),
                (None, None) => sort,
            };
        }
        match &binding.end {
            Some(end) if self.is_sort_of_theory(end.theory, sort) => {
                Name::new(&format!("{}${sort}", end.name))
            }
            _ => sort,
        }
    }

    /// Whether a sort is declared in a theory itself, not in a module that it imports.
    fn is_sort_of_theory(&self, theory: ModuleId, sort: Name) -> bool {
        let parts = self.transitive(&[theory]);
        !parts
            .iter()
            .any(|&part| match &self.entries[part.index()].origin {
                Origin::Text(text) if !text.is_theory => {
                    text.sorts.iter().any(|declared| declared.name == sort)
                }
                _ => false,
            })
    }

    fn refuse(&mut self, code: &'static str, span: Span, message: String) {
        self.diagnostics
            .push(Diagnostic::error(code, span, message));
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
