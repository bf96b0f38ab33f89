//! Parameterized modules and their instances.
//!
//! The one idea: an instance is a renaming of the module that imports something else. A parameter
//! `X :: TH` is a copy of the theory in which a sort `S` is called `X$S`; the instance for a view
//! imports what the view maps to instead of the copy, takes `X$S` for what the view takes `S` for,
//! and `List{X}` for `List{V}`. Given a parameter of the module around, a parameter is *bound*:
//! `LIST{[X]}` is what that module imports, and when `X` is given in turn, a module takes its place
//! that is made in the same way of the same module with other arguments.
//!
//! A view to another theory leaves a parameter free: the instance has it again, for that theory.

use std::sync::Arc;

use super::names::{Naming, with_arguments};
use super::view::View;
use super::{Library, ModuleId, Origin};
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::source::Span;
use crate::syntax::ast::{ArgumentText, ModuleExpression};

/// A parameter of a module or view.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: Name,
    pub(super) theory: ModuleId,
    /// The theory with its sorts named after the parameter.
    pub(super) copy: ModuleId,
    /// It is one of what is around.
    pub(super) is_bound: bool,
}

/// What a parameter is given.
#[derive(Clone, Debug)]
pub(super) enum Argument {
    /// A view from its theory.
    View(Arc<View>),
    /// A parameter of what is around.
    Parameter(Parameter),
}

impl Argument {
    /// What it is called in the names of sorts.
    pub(super) fn clean_name(&self) -> Name {
        match self {
            Argument::View(view) => view.clean,
            Argument::Parameter(parameter) => parameter.name,
        }
    }

    /// What two arguments that are the same have in common.
    pub(super) fn key(&self) -> String {
        match self {
            Argument::View(view) => view.key(),
            Argument::Parameter(parameter) => {
                format!("[{}]{:?}", parameter.name, parameter.copy)
            }
        }
    }
}

/// Parameters with what they are given.
pub(super) type Given = [(Parameter, Argument)];

/// The parameters of the module or view in which something is written.
pub(super) type Environment = [Parameter];

impl Library {
    /// The copy of a theory for a parameter.
    pub(super) fn parameter_copy(&mut self, name: Name, theory: ModuleId) -> ModuleId {
        let mut copies: Vec<(ModuleId, ModuleId)> = Vec::new();
        let mut last = theory;
        let theories = self.theories_in(theory);
        // Names are met from the outside in.
        for id in theories.iter().rev() {
            let shown = format!("{name} :: {}", self.name(*id));
            self.note_name(Name::new(&shown));
        }
        for id in theories {
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
        Some(Parameter {
            name,
            theory,
            copy,
            is_bound: false,
        })
    }

    /// What an argument of a module or view gives a parameter.
    pub(super) fn argument(
        &mut self,
        argument: &ArgumentText,
        parameter: &Parameter,
        environment: &Environment,
    ) -> Option<Argument> {
        let name = argument.name.name;
        if argument.groups.is_empty()
            && let Some(around) = environment.iter().find(|around| around.name == name)
        {
            if around.theory != parameter.theory {
                let message = format!(
                    "parameter `{name}` is not for theory `{}`",
                    self.name(parameter.theory)
                );
                self.refuse("bad-argument", argument.name.span, message);
                return None;
            }
            return Some(Argument::Parameter(Parameter {
                is_bound: true,
                ..around.clone()
            }));
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
        Some(Argument::View(view))
    }

    /// The module with its parameters given.
    pub(super) fn instance(
        &mut self,
        base: ModuleId,
        arguments: &[ArgumentText],
        environment: &Environment,
    ) -> Option<ModuleId> {
        let parameters = self.entries[base.index()].parameters.clone();
        let span = arguments.first().map(|argument| argument.name.span);
        let n_free = parameters.iter().filter(|parameter| !parameter.is_bound);
        let n_free = n_free.count();
        if n_free != arguments.len() || n_free != parameters.len() {
            let message = format!(
                "module `{}` has {n_free} parameters, and {} are given",
                self.name(base),
                arguments.len()
            );
            if let Some(span) = span {
                self.refuse("bad-argument", span, message);
            }
            return None;
        }
        let mut given = Vec::with_capacity(arguments.len());
        for (parameter, argument) in parameters.iter().zip(arguments) {
            given.push(self.argument(argument, parameter, environment)?);
        }
        let made = self.instantiate(base, given);
        if let (None, Some(span)) = (made, span) {
            let message = format!("module `{}` cannot be given these", self.name(base));
            self.refuse("bad-argument", span, message);
        }
        made
    }

    /// The module whose parameters, all free, are given these; none if a parameter around would
    /// be taken for something else.
    fn instantiate(&mut self, base: ModuleId, arguments: Vec<Argument>) -> Option<ModuleId> {
        let stem = match self.entries[base.index()].origin {
            Origin::Renamed { .. } => format!("({})", self.name(base)),
            _ => self.name(base).to_string(),
        };
        let name = with_arguments(&stem, &arguments);
        let keys: Vec<String> = arguments.iter().map(Argument::key).collect();
        let key = format!("{base:?}{keys:?}");
        if let Some(id) = self.derived(&key) {
            return Some(id);
        }
        self.note_name(Name::new(&name));
        let parameters = self.entries[base.index()].parameters.clone();
        let given: Vec<(Parameter, Argument)> = parameters.into_iter().zip(arguments).collect();
        let made = self.left_parameters(&given);
        if made.iter().any(|parameter| parameter.is_bound) {
            let only_named = self.only_named(base);
            let is_taken = |parameter: &Parameter| only_named.contains(&parameter.name);
            if made.iter().any(is_taken) {
                return None;
            }
        }
        let mut imports: Vec<ModuleId> = made.iter().map(|parameter| parameter.copy).collect();
        for (_, argument) in &given {
            match argument {
                Argument::View(view) if !self.is_theory(view.to) => imports.push(view.to),
                _ => {}
            }
        }
        for import in self.imports_of(base) {
            imports.push(self.bound_instance(import, &given)?);
        }
        let origin = Origin::Instance {
            base,
            given: given.into(),
        };
        let id = self.derive(key, &name, origin, imports);
        self.entries[id.index()].parameters = made;
        Some(id)
    }

    /// The parameters of what is made by giving these: those of views to theories stay free, those
    /// of what is around become bound.
    pub(super) fn left_parameters(&mut self, given: &Given) -> Vec<Parameter> {
        let mut left: Vec<Parameter> = Vec::new();
        for (parameter, argument) in given {
            if let Argument::View(view) = argument
                && self.is_theory(view.to)
            {
                left.push(Parameter {
                    name: parameter.name,
                    theory: view.to,
                    copy: self.parameter_copy(parameter.name, view.to),
                    is_bound: false,
                });
            }
        }
        let arguments = given.iter().map(|(_, argument)| argument);
        let bare = arguments.clone().filter_map(|argument| match argument {
            Argument::Parameter(around) => Some(around.clone()),
            Argument::View(_) => None,
        });
        let in_views = arguments.flat_map(|argument| match argument {
            Argument::View(view) => view.parameters.clone(),
            Argument::Parameter(_) => Vec::new(),
        });
        for around in bare.chain(in_views) {
            if !left.iter().any(|known| known.name == around.name) {
                left.push(Parameter {
                    is_bound: true,
                    ..around
                });
            }
        }
        left
    }

    /// What a module imports beside the copies of the theories of its parameters.
    fn imports_of(&self, id: ModuleId) -> Vec<ModuleId> {
        let entry = &self.entries[id.index()];
        let is_copy = |import: &ModuleId| {
            let mut parameters = entry.parameters.iter();
            parameters.any(|parameter| parameter.copy == *import)
        };
        let imports = entry.imports.iter().copied();
        imports.filter(|import| !is_copy(import)).collect()
    }

    /// The module that takes the place of one with bound parameters where they are given. Recursion
    /// is bounded by how deeply parameterized modules import each other.
    pub(super) fn bound_instance(&mut self, id: ModuleId, given: &Given) -> Option<ModuleId> {
        if self.entries[id.index()].parameters.is_empty() {
            return Some(id);
        }
        match self.entries[id.index()].origin.clone() {
            Origin::Sum => {
                let mut terms = Vec::new();
                for import in self.imports_of(id) {
                    terms.push(self.bound_instance(import, given)?);
                }
                Some(self.sum(terms))
            }
            Origin::Renamed { base, renaming } => {
                let base = self.bound_instance(base, given)?;
                let renaming = renaming.named(&self.naming(given));
                Some(self.renamed(base, &renaming))
            }
            Origin::Instance { base, given: known } => {
                let mut arguments = Vec::with_capacity(known.len());
                // Views to theories let parameters escape, which are given once more.
                let mut escaped = Vec::new();
                for (_, argument) in known.iter() {
                    arguments.push(self.bound_argument(argument, given, &mut escaped)?);
                }
                let instance = self.instantiate(base, arguments)?;
                if escaped.is_empty() {
                    return Some(instance);
                }
                let again = escaped.into_iter();
                let again = again.map(|(name, theory)| self.given_again(name, theory));
                let again = again.collect();
                self.instantiate(instance, again)
            }
            Origin::Text(_) | Origin::Parameter { .. } => Some(id),
        }
    }

    /// What an argument becomes where the parameters around are given; adds those that a view to
    /// a theory lets escape, with the theory.
    pub(super) fn bound_argument(
        &mut self,
        argument: &Argument,
        given: &Given,
        escaped: &mut Vec<(Name, ModuleId)>,
    ) -> Option<Argument> {
        match argument {
            Argument::Parameter(around) => {
                let mut known = given.iter();
                let (_, argument) = known.find(|(parameter, _)| parameter.name == around.name)?;
                if let Argument::View(view) = argument
                    && self.is_theory(view.to)
                {
                    escaped.push((around.name, view.to));
                }
                Some(argument.clone())
            }
            Argument::View(view) if view.parameters.is_empty() => Some(argument.clone()),
            Argument::View(view) => self.bound_view(view, given).map(Argument::View),
        }
    }

    /// A parameter around that escaped for another theory.
    pub(super) fn given_again(&mut self, name: Name, theory: ModuleId) -> Argument {
        Argument::Parameter(Parameter {
            name,
            theory,
            copy: self.parameter_copy(name, theory),
            is_bound: true,
        })
    }

    /// How names change where these are given.
    pub(super) fn naming(&self, given: &Given) -> Naming {
        let pairs = (given.iter()).map(|(parameter, argument)| (parameter.name, argument));
        Naming::new(
            pairs,
            |argument| matches!(argument, Argument::View(view) if self.is_theory(view.to)),
        )
    }

    pub(super) fn refuse(&mut self, code: &'static str, span: Span, message: String) {
        self.diagnostics
            .push(Diagnostic::error(code, span, message));
    }
}
