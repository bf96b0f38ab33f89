//! Views.

use super::{Abandoned, Parsed, Parser};
use crate::syntax::ast::{TermMappingText, ViewText};
use crate::syntax::lexer::Token;

impl Parser<'_> {
    /// A view; after a mistake everything up to `endv` is passed over.
    pub(super) fn view(&mut self) -> Parsed<ViewText> {
        let view = self.view_text();
        if view.is_err() {
            while self.take().is_some_and(|token| !token.is("endv")) {}
        }
        view
    }

    fn view_text(&mut self) -> Parsed<ViewText> {
        let start = self.here();
        self.expect("view")?;
        let name = self.identifier("the name of the view")?;
        let parameters = if self.peek_is("{") {
            self.parameters()?
        } else {
            Vec::new()
        };
        self.expect("from")?;
        let from = self.module_expression()?;
        self.expect("to")?;
        let to = self.module_expression()?;
        self.expect("is")?;
        let mut view = ViewText {
            name,
            parameters,
            from,
            to,
            items: Vec::new(),
            terms: Vec::new(),
            variables: Vec::new(),
            span: start,
        };
        while !self.accept("endv") {
            self.view_declaration(&mut view)?;
        }
        view.span = start.to(self.previous());
        Ok(view)
    }

    fn view_declaration(&mut self, view: &mut ViewText) -> Parsed<()> {
        let start = self.here();
        let word = self.identifier("`sort`, `op`, `var` or `endv`")?;
        match word.name.as_str() {
            "var" | "vars" => {
                let variables = self.variable_names()?;
                view.variables.extend(variables);
                Ok(())
            }
            "op" | "msg" => self.operator_mapping(start, view),
            _ if self.renaming_items(word, &mut view.items)? => self.period(),
            _ => Err(self.error(
                "unexpected-token",
                word.span,
                format!(
                    "expected `sort`, `op`, `var` or `endv`, found `{}`",
                    word.name
                ),
            )),
        }
    }

    /// The mapping of an operator to another one, or to a term.
    fn operator_mapping(&mut self, start: crate::source::Span, view: &mut ViewText) -> Parsed<()> {
        let is_term = |pair: &[Token]| pair[0].is("to") && pair[1].is("term");
        let rest = &self.tokens[self.next..];
        let end = rest.iter().position(|token| token.is("endv"));
        let rest = &rest[..end.unwrap_or(rest.len())];
        let to = rest.windows(2).position(is_term);
        let period = (rest.iter().enumerate())
            .position(|(index, token)| token.is(".") && self.ends_mapping(self.next + index));
        let (Some(to), Some(period)) = (to, period) else {
            let item = self.operator_renaming()?;
            view.items.push(item);
            return self.period();
        };
        if to > period {
            let item = self.operator_renaming()?;
            view.items.push(item);
            return self.period();
        }
        let from = rest[..to].to_vec();
        let term = rest[to + 2..period].to_vec();
        self.next += period + 1;
        let span = start.to(self.previous());
        if from.is_empty() || term.is_empty() {
            self.error("bad-view", span, "a term is missing in this mapping");
            return Err(Abandoned);
        }
        view.terms.push(TermMappingText {
            from,
            to: term,
            span,
        });
        Ok(())
    }

    /// Whether a period ends a mapping: another one begins after it, or the view ends.
    fn ends_mapping(&self, index: usize) -> bool {
        let begins = |token: &Token| {
            matches!(
                token.text(),
                "sort" | "op" | "var" | "vars" | "label" | "class" | "attr" | "msg" | "endv"
            )
        };
        self.tokens.get(index + 1).is_some_and(begins)
    }
}
