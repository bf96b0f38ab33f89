//! What module expressions mean.

use super::instance::{Environment, Parameter};
use super::names::innermost;
use super::renaming::Renaming;
use super::{Library, ModuleId, Origin};
use crate::name::Name;
use crate::syntax::ast::ModuleExpression;

impl Library {
    /// The module that an expression means where parameters are around. Recursion is bounded by the
    /// outer parser.
    pub(super) fn resolve_in(
        &mut self,
        expression: &ModuleExpression,
        environment: &Environment,
    ) -> Option<ModuleId> {
        match expression {
            ModuleExpression::Name(name) => {
                let found = self.module_named(name.name);
                if found.is_none() {
                    let diagnostic = self.unknown_module(name.name, name.span);
                    self.diagnostics.push(diagnostic);
                }
                found
            }
            ModuleExpression::Sum(terms) => {
                let mut made = Vec::with_capacity(terms.len());
                for term in terms {
                    let id = self.resolve_in(term, environment)?;
                    if self.has_free_parameters(id) {
                        let name = self.name(id);
                        let message = format!("the parameters of `{name}` must be given in a sum");
                        self.refuse("bad-sum", term.span(), message);
                        return None;
                    }
                    made.push(id);
                }
                Some(self.sum(made))
            }
            ModuleExpression::Renaming(base, items) => {
                let base = self.resolve_in(base, environment)?;
                Some(self.renamed(base, &Renaming::of_items(items)))
            }
            ModuleExpression::Instance(base, arguments) => {
                let base = self.resolve_in(base, environment)?;
                self.instance(base, arguments, environment)
            }
        }
    }

    /// The union of modules, which has their bound parameters.
    pub(super) fn sum(&mut self, mut terms: Vec<ModuleId>) -> ModuleId {
        if terms.len() > 1 {
            terms.sort_by_cached_key(|&id| self.rank(self.name(id)));
            terms.dedup();
        }
        if let [one] = terms[..] {
            return one;
        }
        let names: Vec<&str> = terms.iter().map(|&id| self.name(id).as_str()).collect();
        let name = names.join(" + ");
        let key = format!("{terms:?}");
        let mut parameters: Vec<Parameter> = Vec::new();
        for term in &terms {
            for parameter in &self.entries[term.index()].parameters {
                if !parameters.iter().any(|known| known.name == parameter.name) {
                    parameters.push(parameter.clone());
                }
            }
        }
        let copies = parameters.iter().map(|parameter| parameter.copy);
        let imports = copies.chain(terms).collect();
        let id = self.derive(key, &name, Origin::Sum, imports);
        self.entries[id.index()].parameters = parameters;
        id
    }

    /// Whether a module has parameters that were given nothing.
    pub(super) fn has_free_parameters(&self, id: ModuleId) -> bool {
        let mut parameters = self.entries[id.index()].parameters.iter();
        parameters.any(|parameter| !parameter.is_bound)
    }

    /// The names in braces in names of sorts and constants of a module that are not those of its
    /// parameters, though they look like it.
    pub(super) fn only_named(&mut self, id: ModuleId) -> Vec<Name> {
        self.make_owns(id);
        let mut found = Vec::new();
        for part in self.transitive(&[id]) {
            let own = self.own(part);
            for &sort in &own.sorts {
                innermost(sort, &mut found);
            }
            for operator in &own.operators {
                let arity = operator.domain.len();
                if let Some(name) = super::items::parameterized_constant(operator.name, arity) {
                    innermost(name, &mut found);
                }
            }
        }
        let parameters = &self.entries[id.index()].parameters;
        found.retain(|name| !parameters.iter().any(|parameter| parameter.name == *name));
        found
    }

    /// One of these parameters for which something in the names of a module would be taken.
    pub(super) fn captured(&mut self, id: ModuleId, parameters: &[Parameter]) -> Option<Name> {
        if parameters.is_empty() {
            return None;
        }
        let only_named = self.only_named(id);
        let names = parameters.iter().map(|parameter| parameter.name);
        names.into_iter().find(|name| only_named.contains(name))
    }
}
