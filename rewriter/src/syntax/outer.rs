//! Modules and commands from tokens: the part of Maude's grammar that no signature changes.
//!
//! The one idea is the period rule. Inside a module a period ends a statement only if what
//! follows begins a declaration or ends the module; in a command only if it is the last thing on
//! its line; and never inside parentheses. Everything between is a bubble. Declarations are read
//! in `declaration`, statements in `statement`, commands in `command`.
//!
//! After a mistake the parser goes on at the next declaration, so that several are found at once.

mod command;
mod declaration;
mod expression;
mod object;
mod statement;
mod view;

use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::source::{SourceId, Span};
use crate::syntax::ast::{Bubble, Item, ModuleKind, ModuleText, Spanned};
use crate::syntax::lexer::{Token, TokenKind, lex};

/// The modules and commands of a text, and what was wrong with it.
pub fn parse(source: SourceId, text: &str) -> (Vec<Item>, Vec<Diagnostic>) {
    let (tokens, diagnostics) = lex(source, text);
    let end = Span {
        source,
        start: text.len() as u32,
        end: text.len() as u32,
    };
    let mut parser = Parser {
        tokens,
        text,
        next: 0,
        end,
        diagnostics,
    };
    let items = parser.items();
    (items, parser.diagnostics)
}

/// A token that begins a declaration or ends a module, so that a period before it ends a statement.
fn begins_declaration(token: &Token) -> bool {
    token.kind == TokenKind::Identifier && (declaration::is_keyword(token.text()) || is_end(token))
}

/// An identifier with a period at its end, such as `a.`.
fn is_glued_to_period(token: &Token) -> bool {
    let text = token.text();
    token.kind == TokenKind::Identifier && text.len() > 1 && text.ends_with('.')
}

fn is_end(token: &Token) -> bool {
    (MODULE_KINDS.iter()).any(|kind| token.is(kind.end))
}

/// How a kind of modules is written.
struct Keywords {
    start: &'static str,
    kind: ModuleKind,
    is_theory: bool,
    is_object_oriented: bool,
    end: &'static str,
}

impl Keywords {
    const fn new(start: &'static str, kind: ModuleKind, end: &'static str) -> Keywords {
        Keywords {
            start,
            kind,
            is_theory: false,
            is_object_oriented: false,
            end,
        }
    }

    const fn theory(self) -> Keywords {
        Keywords {
            is_theory: true,
            ..self
        }
    }

    const fn object_oriented(self) -> Keywords {
        Keywords {
            is_object_oriented: true,
            ..self
        }
    }
}

/// The kinds of modules there are.
const MODULE_KINDS: [Keywords; 6] = [
    Keywords::new("fmod", ModuleKind::Functional, "endfm"),
    Keywords::new("mod", ModuleKind::System, "endm"),
    Keywords::new("omod", ModuleKind::System, "endom").object_oriented(),
    Keywords::new("fth", ModuleKind::Functional, "endfth").theory(),
    Keywords::new("th", ModuleKind::System, "endth").theory(),
    Keywords::new("oth", ModuleKind::System, "endoth")
        .theory()
        .object_oriented(),
];

/// The start of a module of a kind this engine does not have.
fn unsupported_module(text: &str) -> Option<&'static str> {
    Some(match text {
        "smod" => "endsm",
        "sth" => "endsth",
        "obj" => "endo",
        _ => return None,
    })
}

/// What ends the module or view that begins with a word; nothing if none does.
pub(super) fn end_of(start: &str) -> Option<&'static str> {
    let kind = MODULE_KINDS.iter().find(|kind| kind.start == start);
    let view = (start == "view").then_some("endv");
    (kind.map(|kind| kind.end))
        .or(view)
        .or_else(|| unsupported_module(start))
}

/// A mistake that makes the rest of a declaration meaningless; the diagnostic is already recorded.
struct Abandoned;

type Parsed<T> = Result<T, Abandoned>;

struct Parser<'text> {
    tokens: Vec<Token>,
    text: &'text str,
    next: usize,
    end: Span,
    diagnostics: Vec<Diagnostic>,
}

impl Parser<'_> {
    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        while let Some(token) = self.peek() {
            let text = token.text();
            match text {
                _ if MODULE_KINDS.iter().any(|kind| kind.start == text) => {
                    if let Ok(module) = self.module() {
                        items.push(Item::Module(module));
                    }
                }
                "view" => {
                    if let Ok(view) = self.view() {
                        items.push(Item::View(view));
                    }
                }
                _ if unsupported_module(text).is_some() => self.skip_unsupported_module(),
                "." => self.next += 1,
                _ => {
                    if let Ok(command) = self.command() {
                        items.push(Item::Command(command));
                    }
                }
            }
        }
        items
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.next).copied()
    }

    fn peek_is(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| token.is(text))
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek();
        self.next += usize::from(token.is_some());
        token
    }

    fn accept(&mut self, text: &str) -> bool {
        let found = self.peek_is(text);
        self.next += usize::from(found);
        found
    }

    /// The place of the next token, or the end of the text.
    fn here(&self) -> Span {
        self.peek().map_or(self.end, |token| token.span)
    }

    /// The place of the token taken last.
    fn previous(&self) -> Span {
        self.next
            .checked_sub(1)
            .map_or(self.end, |index| self.tokens[index].span)
    }

    fn expect(&mut self, text: &str) -> Parsed<()> {
        if self.accept(text) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{text}`")))
        }
    }

    fn unexpected(&mut self, expected: &str) -> Abandoned {
        let found = match self.peek() {
            Some(token) => format!("`{}`", token.text()),
            None => "the end of the text".to_owned(),
        };
        let span = self.here();
        self.error(
            "unexpected-token",
            span,
            format!("expected {expected}, found {found}"),
        )
    }

    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> Abandoned {
        self.diagnostics
            .push(Diagnostic::error(code, span, message));
        Abandoned
    }

    fn identifier(&mut self, what: &str) -> Parsed<Spanned> {
        match self.peek() {
            Some(token) if token.kind == TokenKind::Identifier => {
                self.next += 1;
                Ok(Spanned {
                    name: token.name,
                    span: token.span,
                })
            }
            _ => Err(self.unexpected(what)),
        }
    }

    /// Whether the token `index` is a period before the start of a declaration.
    fn ends_statement(&self, index: usize) -> bool {
        self.tokens[index].is(".") && self.tokens.get(index + 1).is_none_or(begins_declaration)
    }

    /// Cuts the period off the identifier `index`, with a warning.
    fn split_period(&mut self, index: usize) {
        let token = self.tokens[index];
        let stem = &token.text()[..token.text().len() - 1];
        let middle = token.span.end - 1;
        self.tokens[index].name = Name::new(stem);
        self.tokens[index].span.end = middle;
        self.tokens[index].ends_line = false;
        let span = Span {
            start: middle,
            ..token.span
        };
        self.tokens.insert(
            index + 1,
            Token {
                name: Name::new("."),
                span,
                ..token
            },
        );
        self.diagnostics.push(
            Diagnostic::warning(
                "missing-space",
                token.span,
                format!("missing space between `{stem}` and the period"),
            )
            .with_help(format!("write `{stem} .`")),
        );
    }

    /// Cuts off the periods that would end a statement of the module that begins here.
    fn split_periods_of_module(&mut self) {
        let mut index = self.next;
        while index < self.tokens.len() && !is_end(&self.tokens[index]) {
            if is_glued_to_period(&self.tokens[index])
                && self.tokens.get(index + 1).is_some_and(begins_declaration)
            {
                self.split_period(index);
            }
            index += 1;
        }
    }

    /// The tokens up to the period that ends a statement of a module; takes the period.
    fn statement_bubble(&mut self) -> Parsed<Bubble> {
        let start = self.here();
        let mut bubble = Bubble::new();
        let mut depth = 0usize;
        while let Some(token) = self.peek() {
            if depth == 0 && self.ends_statement(self.next) {
                self.next += 1;
                return Ok(bubble);
            }
            match token.text() {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                // A module that ends inside a statement: a period or a parenthesis is missing.
                text if is_end(&token) && (token.ends_line || text == "endfm") => break,
                _ => {}
            }
            bubble.push(token);
            self.next += 1;
        }
        let help = if depth > 0 {
            "a parenthesis is opened and not closed, so no period counts"
        } else {
            "a statement ends in a period that stands alone, before the next declaration"
        };
        let end = bubble.last().map_or(start, |token| token.span);
        self.diagnostics.push(
            Diagnostic::error("missing-period", start.to(end), "this statement never ends")
                .with_help(help),
        );
        Err(Abandoned)
    }

    /// Goes to the next declaration or the end of the module after a mistake.
    fn recover(&mut self) {
        while let Some(token) = self.peek() {
            if is_end(&token) {
                return;
            }
            self.next += 1;
            if self.ends_statement(self.next - 1) {
                return;
            }
        }
    }

    fn module(&mut self) -> Parsed<ModuleText> {
        let start = self.here();
        let keyword = self.take();
        let is_it = |kind: &&Keywords| keyword.is_some_and(|token| token.is(kind.start));
        let Some(&Keywords {
            kind,
            is_theory,
            is_object_oriented,
            end: expected,
            ..
        }) = MODULE_KINDS.iter().find(is_it)
        else {
            return Err(self.unexpected("a module"));
        };
        let Ok(name) = self.identifier("the name of the module") else {
            self.skip_module();
            return Err(Abandoned);
        };
        let mut module = ModuleText {
            name,
            kind,
            is_theory,
            is_object_oriented,
            parameters: Vec::new(),
            imports: Vec::new(),
            sorts: Vec::new(),
            sort_groups: Vec::new(),
            subsorts: Vec::new(),
            operators: Vec::new(),
            variables: Vec::new(),
            statements: Vec::new(),
            span: start,
        };
        if self.peek_is("{") {
            let Ok(parameters) = self.parameters() else {
                self.skip_module();
                return Err(Abandoned);
            };
            module.parameters = parameters;
        }
        self.split_periods_of_module();
        if self.expect("is").is_err() {
            self.skip_module();
            return Err(Abandoned);
        }
        loop {
            let Some(token) = self.peek() else {
                let message = format!("module `{}` never ends", name.name);
                let help = format!("a module of its kind ends in `{expected}`");
                let diagnostic = Diagnostic::error("missing-end", start.to(name.span), message);
                self.diagnostics.push(diagnostic.with_help(help));
                break;
            };
            if is_end(&token) {
                self.next += 1;
                if !token.is(expected) {
                    self.diagnostics.push(Diagnostic::error(
                        "unexpected-token",
                        token.span,
                        format!("expected `{expected}`, found `{}`", token.text()),
                    ));
                }
                break;
            }
            if token.is(".") {
                self.next += 1;
            } else if self.declaration(&mut module).is_err() {
                self.recover();
            }
        }
        module.span = start.to(self.previous());
        Ok(module)
    }

    fn skip_module(&mut self) {
        while let Some(token) = self.take() {
            if is_end(&token) {
                return;
            }
        }
    }

    fn skip_unsupported_module(&mut self) {
        let Some(token) = self.take() else { return };
        let end = unsupported_module(token.text()).unwrap_or("endm");
        self.error(
            "unsupported",
            token.span,
            format!("`{}` is not supported yet", token.text()),
        );
        while let Some(token) = self.take() {
            if token.is(end) {
                return;
            }
        }
    }
}

/// The canonical name of an operator written as these tokens: what Maude prints in `show ops`.
///
/// Specials are backquoted, and a backquote stands for a blank between two ordinary tokens.
/// One pair of parentheses around the whole is not part of the name.
pub fn canonical_operator_name(tokens: &[Token]) -> Name {
    let tokens = without_outer_parentheses(tokens);
    if let [token] = tokens
        && token.kind != TokenKind::Special
    {
        return token.name;
    }
    let mut name = String::new();
    let mut glues = true;
    for token in tokens {
        let text = token.text();
        if token.kind == TokenKind::Special {
            name.push('`');
            name.push_str(text);
            glues = true;
            continue;
        }
        if !glues && !text.starts_with('_') {
            name.push('`');
        }
        name.push_str(text);
        glues = text.ends_with('_') && !text.ends_with("`_");
    }
    Name::new(&name)
}

/// The tokens without one pair of parentheses that encloses them all.
fn without_outer_parentheses(tokens: &[Token]) -> &[Token] {
    let [first, inner @ .., last] = tokens else {
        return tokens;
    };
    if !first.is("(") || !last.is(")") || inner.is_empty() {
        return tokens;
    }
    let mut depth = 0i64;
    for token in inner {
        depth += i64::from(token.is("(")) - i64::from(token.is(")"));
        if depth < 0 {
            return tokens;
        }
    }
    inner
}

#[cfg(test)]
mod tests;
