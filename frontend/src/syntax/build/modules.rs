//! Module expressions: from a flat list of operators, operands and commas to a tree.
//!
//! `union` and `compose` take two modules or more, without brackets around them, so a
//! comma after `union union a, b` can belong to either. It belongs to the inner one as
//! long as enough commas remain for the outer ones, as in P's own parser.

use pest::iterators::Pair;

use super::{Build, Builder, Children};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Module, ModuleId, ModuleKind};
use crate::syntax::grammar::Rule;

/// An operator that waits for its operands.
enum Waiting<'i> {
    /// One that takes the next module.
    Prefix(Pair<'i, Rule>),
    /// `union` or `compose`, and the modules that it has.
    List(Pair<'i, Rule>, Vec<ModuleId>),
}

impl Builder<'_> {
    pub(super) fn module(&mut self, pair: Pair<'_, Rule>) -> Build<ModuleId> {
        self.nested(pair, Self::module_operators)
    }

    fn module_operators(&mut self, pair: Pair<'_, Rule>) -> Build<ModuleId> {
        let is_comma = |pair: &Pair<'_, Rule>| pair.as_rule() == Rule::module_comma;
        let mut n_commas = pair.clone().into_inner().filter(is_comma).count();
        let mut children = Children::of(pair);
        let mut waiting: Vec<Waiting<'_>> = Vec::new();
        // The lists that have no module yet: each will need a comma for its second one.
        let mut n_empty = 0;
        let mut module = None;
        while let Some(part) = children.next() {
            match part.as_rule() {
                Rule::module_prefix => waiting.push(Waiting::Prefix(part)),
                Rule::module_operator => {
                    n_empty += 1;
                    waiting.push(Waiting::List(part, Vec::new()));
                }
                Rule::module_comma => {
                    let mut left = module.take();
                    loop {
                        left = left.map(|left| self.with_prefixes(&mut waiting, left));
                        let Some(Waiting::List(_, parts)) = waiting.last_mut() else {
                            let message = "expected `;` here, found `,`";
                            return Err(Box::new(
                                Diagnostic::error(Code::SyntaxError, self.span(&part), message)
                                    .with_help("put modules together with `union`"),
                            ));
                        };
                        n_empty -= usize::from(parts.is_empty() && left.is_some());
                        parts.extend(left.take());
                        if parts.len() < 2 || n_commas > n_empty {
                            break;
                        }
                        left = self.close_list(&mut waiting)?;
                    }
                    n_commas -= 1;
                }
                _ => module = Some(self.module_primary(part)?),
            }
        }
        loop {
            module = module.map(|module| self.with_prefixes(&mut waiting, module));
            let Some(Waiting::List(_, parts)) = waiting.last_mut() else {
                break;
            };
            parts.extend(module.take());
            module = self.close_list(&mut waiting)?;
        }
        Ok(module.unwrap_or_else(|| unreachable!("an expression ends with an operand")))
    }

    /// Applies the prefixes that stand right before a module, the last one first.
    fn with_prefixes(&mut self, waiting: &mut Vec<Waiting<'_>>, module: ModuleId) -> ModuleId {
        let mut module = module;
        while let Some(Waiting::Prefix(_)) = waiting.last() {
            let Some(Waiting::Prefix(prefix)) = waiting.pop() else {
                break;
            };
            let end = self.ast.module(module).span;
            let span = self.span(&prefix).to(end);
            let kind = self.prefixed(prefix, module);
            module = self.ast.add_module(Module { kind, span });
        }
        module
    }

    /// Makes a module of the innermost list.
    fn close_list(&mut self, waiting: &mut Vec<Waiting<'_>>) -> Build<Option<ModuleId>> {
        let Some(Waiting::List(operator, parts)) = waiting.pop() else {
            return Ok(None);
        };
        let word = operator.as_str();
        let span = self.span(&operator);
        let [_, .., last] = parts.as_slice() else {
            let message = format!("`{word}` needs two modules or more");
            return Err(Box::new(
                Diagnostic::error(Code::SyntaxError, span, message)
                    .with_help("separate them by commas"),
            ));
        };
        let span = span.to(self.ast.module(*last).span);
        let kind = match word {
            "union" => ModuleKind::Union(parts),
            _ => ModuleKind::Compose(parts),
        };
        Ok(Some(self.ast.add_module(Module { kind, span })))
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
                    let interface = children.take_if(Rule::identifier);
                    (machine, interface.map(|pair| self.name(pair)))
                };
                ModuleKind::Bind(
                    Children::of(inner)
                        .all(Rule::binding)
                        .map(binding)
                        .collect(),
                )
            }
            rule => unreachable!("{rule:?} is no module"),
        };
        Ok(self.ast.add_module(Module { kind, span }))
    }
}
