//! Module expressions: names, sums, renamings, instances.
//!
//! Nesting is bounded, so that what walks over expressions may recurse.

use super::object::{attribute_operator, class_constant};
use super::{Abandoned, Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{ArgumentText, ModuleExpression, ParameterText, RenamingItem, Spanned};

/// How deeply parentheses and arguments nest at most.
const MAX_NESTING: usize = 50;

impl Parser<'_> {
    pub(super) fn module_expression(&mut self) -> Parsed<ModuleExpression> {
        self.sum(0)
    }

    fn too_deep(&mut self) -> Abandoned {
        let span = self.here();
        self.error("too-deep", span, "this module expression nests too deeply")
    }

    fn sum(&mut self, depth: usize) -> Parsed<ModuleExpression> {
        let mut terms = vec![self.changed_module(depth)?];
        while self.accept("+") {
            if self.peek_is(".") {
                // What stands before is meant in any case.
                let span = self.here();
                let message = "a module is missing after `+`";
                self.diagnostics
                    .push(Diagnostic::error("missing-module", span, message));
                break;
            }
            terms.push(self.changed_module(depth)?);
        }
        match <[ModuleExpression; 1]>::try_from(terms) {
            Ok([term]) => Ok(term),
            Err(terms) => Ok(ModuleExpression::Sum(terms)),
        }
    }

    /// A module with any number of renamings and arguments after it.
    fn changed_module(&mut self, depth: usize) -> Parsed<ModuleExpression> {
        if depth > MAX_NESTING {
            return Err(self.too_deep());
        }
        let mut module = if self.accept("(") {
            let module = self.sum(depth + 1)?;
            self.expect(")")?;
            module
        } else {
            ModuleExpression::Name(self.identifier("the name of a module")?)
        };
        for _ in 0..MAX_NESTING {
            if self.peek_is("*") && self.tokens.get(self.next + 1).is_some_and(|t| t.is("(")) {
                self.next += 2;
                module = ModuleExpression::Renaming(Box::new(module), self.renaming()?);
            } else if self.peek_is("{") {
                module = ModuleExpression::Instance(Box::new(module), self.arguments(depth)?);
            } else {
                return Ok(module);
            }
        }
        Err(self.too_deep())
    }

    /// `{A, B{C}}`
    fn arguments(&mut self, depth: usize) -> Parsed<Vec<ArgumentText>> {
        if depth > MAX_NESTING {
            return Err(self.too_deep());
        }
        self.expect("{")?;
        let mut arguments = Vec::new();
        loop {
            let name = self.identifier("a view or a parameter")?;
            let mut groups = Vec::new();
            while self.peek_is("{") {
                groups.push(self.arguments(depth + 1)?);
            }
            arguments.push(ArgumentText { name, groups });
            if self.accept("}") {
                return Ok(arguments);
            }
            self.expect(",")?;
        }
    }

    /// `{X :: TH, Y :: TH}`
    pub(super) fn parameters(&mut self) -> Parsed<Vec<ParameterText>> {
        self.expect("{")?;
        let mut parameters = Vec::new();
        loop {
            let name = self.identifier("a parameter")?;
            self.expect("::")?;
            let theory = self.module_expression()?;
            parameters.push(ParameterText { name, theory });
            if self.accept("}") {
                return Ok(parameters);
            }
            self.expect(",")?;
        }
    }

    fn renaming(&mut self) -> Parsed<Vec<RenamingItem>> {
        let mut items = Vec::new();
        loop {
            let word = self.identifier("`sort`, `op` or `label`")?;
            if !self.renaming_items(word, &mut items)? {
                return Err(self.error(
                    "unexpected-token",
                    word.span,
                    format!("expected `sort`, `op` or `label`, found `{}`", word.name),
                ));
            }
            if self.accept(")") {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }

    /// What follows a word that begins an item; says whether it is such a word.
    pub(super) fn renaming_items(
        &mut self,
        word: Spanned,
        items: &mut Vec<RenamingItem>,
    ) -> Parsed<bool> {
        match word.name.as_str() {
            "sort" | "class" => {
                let from = self.sort_name()?;
                self.expect("to")?;
                let to = self.sort_name()?;
                items.push(RenamingItem::Sort(from, to));
                if word.name.as_str() == "class" {
                    items.push(class_constant(from, to));
                }
            }
            "label" => {
                let from = self.identifier("a label")?;
                self.expect("to")?;
                items.push(RenamingItem::Label(from, self.identifier("a label")?));
            }
            "attr" => {
                let mut attribute = || -> Parsed<Spanned> {
                    let Spanned { name, span } = self.identifier("an attribute")?;
                    let name = attribute_operator(name);
                    Ok(Spanned { name, span })
                };
                let from = attribute()?;
                self.expect("to")?;
                let Spanned { name, span } = self.identifier("an attribute")?;
                items.push(RenamingItem::Operator {
                    from,
                    rank: None,
                    to: Spanned {
                        name: attribute_operator(name),
                        span,
                    },
                    attributes: Box::default(),
                });
            }
            "op" | "msg" => items.push(self.operator_renaming()?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}
