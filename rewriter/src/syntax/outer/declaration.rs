//! Declarations of a module: imports, sorts, subsorts, operators, variables.
//!
//! Statements are handed on to `super::statement`.

use super::{Parsed, Parser, canonical_operator_name};
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::source::Span;
use crate::syntax::ast::{
    Attributes, Bubble, Gather, IdentitySide, Import, ImportMode, ModuleText, OperatorText,
    RenamingItem, SortText, Spanned, VariableText,
};
use crate::syntax::lexer::{Token, TokenKind};

/// Whether a word begins a declaration.
pub(super) fn is_keyword(text: &str) -> bool {
    matches!(
        text,
        "pr" | "protecting"
            | "ex"
            | "extending"
            | "inc"
            | "including"
            | "us"
            | "using"
            | "gb"
            | "generated-by"
            | "sort"
            | "sorts"
            | "subsort"
            | "subsorts"
            | "class"
            | "classes"
            | "subclass"
            | "subclasses"
            | "op"
            | "ops"
            | "msg"
            | "msgs"
            | "var"
            | "vars"
            | "mb"
            | "cmb"
            | "eq"
            | "ceq"
            | "cq"
            | "rl"
            | "crl"
            | "strat"
            | "strats"
            | "sd"
            | "csd"
    )
}

impl Parser<'_> {
    pub(super) fn declaration(&mut self, module: &mut ModuleText) -> Parsed<()> {
        let start = self.here();
        let Some(keyword) = self.take() else {
            return Err(self.unexpected("a declaration"));
        };
        match keyword.text() {
            "pr" | "protecting" => self.import(ImportMode::Protecting, module),
            "ex" | "extending" => self.import(ImportMode::Extending, module),
            "inc" | "including" | "us" | "using" | "gb" | "generated-by" => {
                self.import(ImportMode::Including, module)
            }
            "sort" | "sorts" => self.sorts(module),
            "subsort" | "subsorts" => self.subsorts(module),
            "op" => self.operators(start, false, module),
            "ops" => self.operators(start, true, module),
            "var" | "vars" => self.variables(module),
            "mb" | "cmb" | "eq" | "ceq" | "cq" | "rl" | "crl" => self.statement(keyword, module),
            "class" if module.is_object_oriented => self.class(start, module),
            "subclass" | "subclasses" if module.is_object_oriented => self.subsorts(module),
            "msg" if module.is_object_oriented => self.messages(start, false, module),
            "msgs" if module.is_object_oriented => self.messages(start, true, module),
            text if is_keyword(text) => Err(self.error(
                "unsupported",
                start,
                format!("`{text}` is not supported yet"),
            )),
            text => {
                let text = text.to_owned();
                let abandoned = self.error(
                    "unexpected-token",
                    start,
                    format!("expected a declaration, found `{text}`"),
                );
                if let Some(diagnostic) = self.diagnostics.last_mut() {
                    diagnostic.help = Some(
                        "declarations begin with a word such as `sort`, `op`, `var`, `eq` or `rl`; \
                         is a period missing, or one too many, before this place?"
                            .to_owned(),
                    );
                }
                Err(abandoned)
            }
        }
    }

    fn import(&mut self, mode: ImportMode, module: &mut ModuleText) -> Parsed<()> {
        let expression = self.module_expression()?;
        self.period()?;
        module.imports.push(Import {
            mode,
            module: expression,
        });
        Ok(())
    }

    /// The period at the end of a declaration.
    pub(super) fn period(&mut self) -> Parsed<()> {
        if self.accept(".") {
            return Ok(());
        }
        let previous = self.previous();
        let abandoned = self.unexpected("a period");
        if let Some(diagnostic) = self.diagnostics.last_mut() {
            diagnostic.labels.push(crate::diagnostic::Label {
                span: previous,
                text: "a period may be missing after this".to_owned(),
            });
            diagnostic.help =
                Some("every declaration ends in a period with a blank before it".to_owned());
        }
        Err(abandoned)
    }

    pub(super) fn operator_renaming(&mut self) -> Parsed<RenamingItem> {
        let from = self.operator_name_until(&["to", ":"])?;
        let mut rank = None;
        if self.accept(":") {
            let mut domain = Vec::new();
            while !self.peek_is("->") && !self.peek_is("~>") {
                domain.push(self.sort()?);
            }
            self.next += 1;
            rank = Some((domain, self.sort()?));
        }
        self.expect("to")?;
        let to = self.operator_name_until(&["[", ",", ")", "."])?;
        let attributes = if self.accept("[") {
            self.attributes()?
        } else {
            Attributes::default()
        };
        Ok(RenamingItem::Operator {
            from,
            rank,
            to,
            attributes: Box::new(attributes),
        })
    }

    fn operator_name_until(&mut self, ends: &[&str]) -> Parsed<Spanned> {
        let start = self.next;
        let mut depth = 0usize;
        while let Some(token) = self.peek() {
            if depth == 0 && self.next > start && ends.contains(&token.text()) {
                // `_,_` and `[_]` contain what could end the name: a hole before it decides.
                let previous = &self.tokens[self.next - 1];
                let following = self.tokens.get(self.next + 1);
                let inside = previous.text().ends_with('_')
                    && following.is_some_and(|token| token.text().starts_with('_'))
                    && token.kind == TokenKind::Special;
                if !inside {
                    break;
                }
            }
            match token.text() {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.next += 1;
        }
        if self.next == start {
            return Err(self.unexpected("the name of an operator"));
        }
        let tokens = &self.tokens[start..self.next];
        let span = tokens[0].span.to(self.previous());
        Ok(Spanned {
            name: canonical_operator_name(tokens),
            span,
        })
    }

    fn sorts(&mut self, module: &mut ModuleText) -> Parsed<()> {
        module.sort_groups.push(0);
        loop {
            let name = self.sort_name()?;
            module.sorts.push(name);
            if let Some(length) = module.sort_groups.last_mut() {
                *length += 1;
            }
            if self.peek_is(".") {
                return self.period();
            }
        }
    }

    /// A sort name, with its parameters if it has any.
    pub(super) fn sort_name(&mut self) -> Parsed<Spanned> {
        if self.peek_is(".") {
            return Err(self.unexpected("a sort"));
        }
        let first = self.identifier("a sort")?;
        if !self.peek_is("{") {
            return Ok(first);
        }
        let mut name = first.name.as_str().to_owned();
        let mut depth = 0usize;
        while let Some(token) = self.peek() {
            let is_special = token.kind == TokenKind::Special;
            if is_special && !matches!(token.text(), "{" | "}" | ",") {
                return Err(self.unexpected("a sort"));
            }
            self.next += 1;
            name.push_str(token.text());
            match token.text() {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    if depth == 0 && !self.peek_is("{") {
                        return Ok(Spanned {
                            name: Name::new(&name),
                            span: first.span.to(token.span),
                        });
                    }
                }
                _ => {}
            }
        }
        Err(self.unexpected("`}`"))
    }

    /// A sort, or a kind in brackets.
    pub(super) fn sort(&mut self) -> Parsed<SortText> {
        let start = self.here();
        if !self.accept("[") {
            let sort = self.sort_name()?;
            return Ok(SortText {
                name: sort.name,
                is_kind: false,
                span: sort.span,
            });
        }
        let sort = self.sort_name()?;
        while self.accept(",") {
            self.sort_name()?;
        }
        self.expect("]")?;
        Ok(SortText {
            name: sort.name,
            is_kind: true,
            span: start.to(self.previous()),
        })
    }

    fn subsorts(&mut self, module: &mut ModuleText) -> Parsed<()> {
        let start = self.here();
        let mut levels = vec![Vec::new()];
        while !self.peek_is(".") {
            if self.accept("<") {
                levels.push(Vec::new());
                continue;
            }
            let name = self.sort_name()?;
            if let Some(level) = levels.last_mut() {
                level.push(name);
            }
        }
        let span = start.to(self.previous());
        self.period()?;
        if levels.len() < 2 || levels.iter().any(Vec::is_empty) {
            return Err(self.error(
                "bad-subsort",
                span,
                "a subsort declaration relates sorts by `<`, as in `subsort A < B`",
            ));
        }
        module.subsorts.push(levels);
        Ok(())
    }

    fn variables(&mut self, module: &mut ModuleText) -> Parsed<()> {
        module.variables.extend(self.variable_names()?);
        Ok(())
    }

    /// Names of variables and their sort.
    pub(super) fn variable_names(&mut self) -> Parsed<Vec<VariableText>> {
        let mut names = Vec::new();
        while !self.accept(":") {
            // Commas between them are no harm.
            if !self.accept(",") {
                names.push(self.identifier("a variable or `:`")?);
            }
        }
        let sort = self.sort()?;
        self.period()?;
        let named = |name| VariableText {
            name,
            sort: sort.clone(),
        };
        Ok(names.into_iter().map(named).collect())
    }

    pub(super) fn operators(
        &mut self,
        start: Span,
        several: bool,
        module: &mut ModuleText,
    ) -> Parsed<()> {
        let names = self.operator_names(several)?;
        let mut domain = Vec::new();
        let partial = loop {
            if self.accept("->") {
                break false;
            }
            if self.accept("~>") {
                break true;
            }
            if self.peek().is_none_or(|token| token.is(".")) {
                return Err(self.unexpected("a sort or `->`"));
            }
            domain.push(self.sort()?);
        };
        let range = self.sort()?;
        let attributes = if self.accept("[") {
            self.attributes()?
        } else {
            Attributes::default()
        };
        self.period()?;
        let span = start.to(self.previous());
        for name in names {
            module.operators.push(OperatorText {
                name,
                domain: domain.clone(),
                range: range.clone(),
                partial,
                attributes: attributes.clone(),
                span,
            });
        }
        Ok(())
    }

    /// The names before the colon: one of any number of tokens, or with `ops` one a token, where
    /// parentheses group.
    fn operator_names(&mut self, several: bool) -> Parsed<Vec<Spanned>> {
        let start = self.next;
        let mut depth = 0usize;
        loop {
            let Some(token) = self.peek() else {
                return Err(self.unexpected("`:`"));
            };
            match token.text() {
                ":" if depth == 0 && self.next > start => break,
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ if depth == 0 && self.ends_statement(self.next) => {
                    return Err(self.unexpected("`:` and the sorts of the operator"));
                }
                _ => {}
            }
            self.next += 1;
        }
        let tokens = &self.tokens[start..self.next];
        self.next += 1;
        let named = |tokens: &[Token]| Spanned {
            name: canonical_operator_name(tokens),
            span: tokens[0].span.to(tokens[tokens.len() - 1].span),
        };
        if !several {
            return Ok(vec![named(tokens)]);
        }
        let mut names = Vec::new();
        let mut index = 0;
        while index < tokens.len() {
            let first = index;
            let mut depth = 0i64;
            loop {
                depth += i64::from(tokens[index].is("(")) - i64::from(tokens[index].is(")"));
                index += 1;
                if depth <= 0 || index == tokens.len() {
                    break;
                }
            }
            names.push(named(&tokens[first..index]));
        }
        Ok(names)
    }

    /// Operator attributes after the opening bracket.
    fn attributes(&mut self) -> Parsed<Attributes> {
        let mut attributes = Attributes::default();
        let mut words: Vec<Name> = Vec::new();
        loop {
            if self.accept("]") {
                return Ok(attributes);
            }
            let start = self.here();
            let Some(word) = self.take() else {
                return Err(self.unexpected("`]`"));
            };
            if words.contains(&word.name) {
                let message = format!("attribute `{}` is there already", word.text());
                let diagnostic = Diagnostic::warning("duplicate-attribute", word.span, message);
                self.diagnostics.push(diagnostic);
            }
            words.push(word.name);
            match word.text() {
                "assoc" | "associative" => attributes.associative = true,
                "comm" | "commutative" => attributes.commutative = true,
                "idem" | "idempotent" => attributes.idempotent = true,
                "iter" | "iterated" => attributes.iterated = true,
                "memo" => attributes.memoized = true,
                "ctor" | "constructor" => attributes.constructor = true,
                "ditto" => attributes.ditto = true,
                "id:" | "identity:" => {
                    attributes.identity = Some((IdentitySide::Both, self.identity()?));
                }
                "left" | "right" => {
                    let side = if word.is("left") {
                        IdentitySide::Left
                    } else {
                        IdentitySide::Right
                    };
                    if !self.accept("id:") && !self.accept("identity:") {
                        return Err(self.unexpected("`id:`"));
                    }
                    attributes.identity = Some((side, self.identity()?));
                }
                "prec" | "precedence" => attributes.precedence = Some(self.number()?),
                "gather" | "gathering" => attributes.gather = Some(self.gather()?),
                "format" => {
                    attributes.format =
                        Some(self.words()?.iter().map(|token| token.name).collect());
                }
                "strat" | "strategy" => attributes.strategy = Some(self.numbers()?),
                "poly" | "polymorphic" => attributes.polymorphic = Some(self.numbers()?),
                "frozen" => {
                    let numbers = if self.peek_is("(") {
                        self.numbers()?
                    } else {
                        Vec::new()
                    };
                    attributes.frozen = Some(numbers);
                }
                "special" => attributes.special = Some(self.words()?),
                "metadata" => match self.take() {
                    Some(token) if token.kind == TokenKind::String => {
                        attributes.metadata = Some(token.name);
                    }
                    _ => {
                        return Err(self.error(
                            "bad-attribute",
                            start,
                            "`metadata` takes a string",
                        ));
                    }
                },
                "latex" | "rpo" => {
                    self.words()?;
                }
                "config" | "configuration" | "object" | "obj" | "message" | "msg" | "portal"
                | "pconst" => attributes.other.push(word.name),
                text => {
                    let message = format!("`{text}` is not an operator attribute");
                    return Err(self.error("bad-attribute", start, message));
                }
            }
        }
    }

    /// The identity element: everything up to the next attribute or the closing bracket.
    fn identity(&mut self) -> Parsed<Bubble> {
        let mut bubble = Bubble::new();
        let mut depth = 0usize;
        while let Some(token) = self.peek() {
            match token.text() {
                "]" if depth == 0 => break,
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                "assoc" | "associative" | "comm" | "commutative" | "idem" | "iter" | "memo"
                | "ctor" | "constructor" | "ditto" | "prec" | "gather" | "format" | "strat"
                | "poly" | "frozen" | "special" | "metadata" | "config" | "object" | "message"
                | "msg" | "portal" | "latex"
                    if depth == 0 && !bubble.is_empty() =>
                {
                    break;
                }
                _ => {}
            }
            bubble.push(token);
            self.next += 1;
        }
        if bubble.is_empty() {
            Err(self.unexpected("the identity element"))
        } else {
            Ok(bubble)
        }
    }

    fn number(&mut self) -> Parsed<u32> {
        match self.peek().and_then(|token| token.text().parse().ok()) {
            Some(number) => {
                self.next += 1;
                Ok(number)
            }
            None => Err(self.unexpected("a number")),
        }
    }

    fn numbers(&mut self) -> Parsed<Vec<u32>> {
        self.expect("(")?;
        let mut numbers = Vec::new();
        while !self.accept(")") {
            numbers.push(self.number()?);
        }
        Ok(numbers)
    }

    fn gather(&mut self) -> Parsed<Vec<Gather>> {
        self.expect("(")?;
        let mut gather = Vec::new();
        loop {
            gather.push(match self.take().as_ref().map(Token::text) {
                Some(")") => return Ok(gather),
                Some("e") => Gather::Below,
                Some("E") => Gather::AtMost,
                Some("&") => Gather::Any,
                _ => {
                    self.next -= 1;
                    return Err(self.unexpected("`e`, `E` or `&`"));
                }
            });
        }
    }

    /// The tokens inside a pair of parentheses.
    fn words(&mut self) -> Parsed<Bubble> {
        self.expect("(")?;
        let mut words = Bubble::new();
        let mut depth = 0usize;
        while let Some(token) = self.take() {
            match token.text() {
                "(" => depth += 1,
                ")" if depth == 0 => return Ok(words),
                ")" => depth -= 1,
                _ => {}
            }
            words.push(token);
        }
        Err(self.unexpected("`)`"))
    }
}
