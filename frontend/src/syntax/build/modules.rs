//! Module expressions.

use pest::iterators::Pair;

use super::{Build, Builder, Children};
use crate::source::Span;
use crate::syntax::ast::{Module, ModuleId, ModuleKind};
use crate::syntax::grammar::Rule;

impl Builder<'_> {
    pub(super) fn module(&mut self, pair: Pair<'_, Rule>) -> Build<ModuleId> {
        self.nested(pair, |builder, pair| {
            let end = builder.span(&pair).end;
            let mut children = Children::of(pair);
            let mut prefixes = Vec::new();
            while let Some(prefix) = children.take_if(Rule::module_prefix) {
                prefixes.push(prefix);
            }
            let mut module = builder.module_primary(children.take(Rule::module_primary))?;
            // The prefix next to the module is applied first: a loop, however many there are.
            while let Some(prefix) = prefixes.pop() {
                let span = Span {
                    end,
                    ..builder.span(&prefix)
                };
                let kind = builder.prefixed(prefix, module);
                module = builder.ast.add_module(Module { kind, span });
            }
            Ok(module)
        })
    }

    fn prefixed(&mut self, prefix: Pair<'_, Rule>, module: ModuleId) -> ModuleKind {
        let prefix = Children::of(prefix).take_any();
        let rule = prefix.as_rule();
        let mut children = Children::of(prefix);
        let mut names = |rule| self.names(children.take(rule));
        match rule {
            Rule::hide_events => ModuleKind::HideEvents(names(Rule::event_names), module),
            Rule::hide_interfaces => ModuleKind::HideInterfaces(names(Rule::identifiers), module),
            Rule::attach_specs => ModuleKind::Assert(names(Rule::identifiers), module),
            Rule::rename_interface => {
                let old = self.name(children.take(Rule::identifier));
                let new = self.name(children.take(Rule::identifier));
                ModuleKind::Rename(old, new, module)
            }
            Rule::main_prefix => {
                ModuleKind::Main(self.name(children.take(Rule::identifier)), module)
            }
            rule => unreachable!("{rule:?} is no prefix of a module"),
        }
    }

    fn module_primary(&mut self, pair: Pair<'_, Rule>) -> Build<ModuleId> {
        let inner = Children::of(pair).take_any();
        let span = self.trimmed(&inner);
        let kind = match inner.as_rule() {
            Rule::module_group => {
                return self.module(Children::of(inner).take(Rule::module_expression));
            }
            Rule::identifier => ModuleKind::Named(self.name(inner)),
            Rule::bindings => {
                let binding = |pair| {
                    let mut children = Children::of(pair);
                    let machine = self.name(children.take(Rule::identifier));
                    (
                        machine,
                        children
                            .take_if(Rule::identifier)
                            .map(|pair| self.name(pair)),
                    )
                };
                ModuleKind::Bind(
                    Children::of(inner)
                        .all(Rule::binding)
                        .map(binding)
                        .collect(),
                )
            }
            Rule::module_list => {
                let mut children = Children::of(inner);
                let is_union = children.take(Rule::module_operator).as_str() == "union";
                let modules = children
                    .all(Rule::module_expression)
                    .map(|pair| self.module(pair))
                    .collect::<Build<Vec<_>>>()?;
                if is_union {
                    ModuleKind::Union(modules)
                } else {
                    ModuleKind::Compose(modules)
                }
            }
            rule => unreachable!("{rule:?} is no module"),
        };
        Ok(self.ast.add_module(Module { kind, span }))
    }
}
