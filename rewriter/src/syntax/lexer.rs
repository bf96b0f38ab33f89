//! From text to tokens.
//!
//! The one idea: lexing knows no context. Maude's own lexer switches modes to decide whether a
//! period ends a statement; here every period is a token, each token says whether it is the last
//! thing on its line, and [`crate::syntax::outer`] decides. Comments leave nothing behind.
//!
//! An identifier is a run of characters other than blanks, control characters and the specials
//! `( ) [ ] { } ,`; a backquote takes the next character, special or not, into the identifier,
//! and a string literal may be part of one.

use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::source::{SourceId, Span};

/// What kind of thing a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// One of `( ) [ ] { } ,`.
    Special,
    /// Everything else except pure string literals.
    Identifier,
    /// A string literal, quotes included.
    String,
}

/// One token of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// Its text, interned; with backquotes as written.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Whether only blanks and comments follow on its line.
    pub ends_line: bool,
}

impl Token {
    /// Its text.
    pub fn text(&self) -> &'static str {
        self.name.as_str()
    }

    /// Whether it is exactly this text.
    pub fn is(&self, text: &str) -> bool {
        self.name.as_str() == text
    }
}

/// Whether a character is always a token of its own.
pub fn is_special(character: char) -> bool {
    matches!(character, '(' | ')' | '[' | ']' | '{' | '}' | ',')
}

/// Whether a byte is an ASCII character that never ends an identifier nor means anything in it.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'`') && !is_special(byte as char)
}

/// The tokens of a text, and what was wrong with it.
pub fn lex(source: SourceId, text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        source,
        text,
        offset: 0,
        tokens: Vec::new(),
        diagnostics: Vec::new(),
    };
    lexer.run();
    (lexer.tokens, lexer.diagnostics)
}

struct Lexer<'text> {
    source: SourceId,
    text: &'text str,
    offset: usize,
    tokens: Vec<Token>,
    diagnostics: Vec<Diagnostic>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(character) = self.peek() {
            match character {
                '\n' => {
                    self.end_line();
                    self.offset += 1;
                }
                _ if character.is_whitespace() || character.is_control() => {
                    self.offset += character.len_utf8();
                }
                _ if self.at_comment() => self.comment(),
                _ if is_special(character) => {
                    self.offset += 1;
                    self.push(self.offset - 1, TokenKind::Special);
                }
                _ => self.identifier(),
            }
        }
        self.end_line();
    }

    #[inline]
    fn peek(&self) -> Option<char> {
        match self.text.as_bytes().get(self.offset) {
            Some(&byte) if byte.is_ascii() => Some(byte as char),
            _ => self.text[self.offset..].chars().next(),
        }
    }

    fn rest(&self) -> &str {
        &self.text[self.offset..]
    }

    fn span(&self, start: usize) -> Span {
        Span {
            source: self.source,
            start: start as u32,
            end: self.offset as u32,
        }
    }

    fn push(&mut self, start: usize, kind: TokenKind) {
        let name = Name::new(&self.text[start..self.offset]);
        let span = self.span(start);
        self.tokens.push(Token {
            name,
            span,
            kind,
            ends_line: false,
        });
    }

    fn end_line(&mut self) {
        if let Some(token) = self.tokens.last_mut() {
            token.ends_line = true;
        }
    }

    fn at_comment(&self) -> bool {
        let rest = &self.text.as_bytes()[self.offset..];
        rest.starts_with(b"***") || rest.starts_with(b"---")
    }

    /// A line comment, or a block comment if the first visible character is an opening parenthesis.
    fn comment(&mut self) {
        let start = self.offset;
        let after = self.rest()[3..].trim_start_matches([' ', '\t']);
        if !after.starts_with('(') {
            self.offset += self.rest().find('\n').unwrap_or(self.rest().len());
            return;
        }
        // A token followed by a block comment counts as the end of its line, as in Maude.
        self.end_line();
        let mut depth = 0usize;
        for (offset, character) in self.rest().char_indices() {
            match character {
                '(' => depth += 1,
                ')' => {
                    depth -= 1;
                    if depth == 0 {
                        self.offset += offset + 1;
                        return;
                    }
                }
                _ => {}
            }
        }
        self.offset = start + 3;
        self.diagnostics.push(
            Diagnostic::error(
                "unterminated-comment",
                self.span(start),
                "this comment never ends",
            )
            .with_help("`***(` and `*** (` open a block comment that ends at the matching `)`"),
        );
        self.offset = self.text.len();
    }

    fn identifier(&mut self) {
        let start = self.offset;
        let mut only_string = true;
        let mut n_parts = 0;
        loop {
            let plain = self.text.as_bytes()[self.offset..].iter();
            let n_plain = plain.take_while(|&&byte| is_plain(byte)).count();
            only_string &= n_plain == 0;
            self.offset += n_plain;
            let Some(character) = self.peek() else { break };
            match character {
                '"' => {
                    if !self.string() {
                        break;
                    }
                    n_parts += 1;
                    continue;
                }
                '`' => {
                    only_string = false;
                    self.offset += 1;
                    if let Some(next) = self.peek().filter(|next| !next.is_whitespace()) {
                        self.offset += next.len_utf8();
                    }
                }
                _ if is_special(character)
                    || character.is_whitespace()
                    || character.is_control() =>
                {
                    break;
                }
                _ => {
                    only_string = false;
                    self.offset += character.len_utf8();
                }
            }
        }
        let is_string = only_string && n_parts == 1;
        self.push(
            start,
            if is_string {
                TokenKind::String
            } else {
                TokenKind::Identifier
            },
        );
    }

    /// Reads a string literal; on a missing end quote skips the line and answers `false`.
    fn string(&mut self) -> bool {
        let start = self.offset;
        let mut escaped = false;
        for (offset, character) in self.rest().char_indices().skip(1) {
            match character {
                '\n' if !escaped => {
                    self.offset = start + offset;
                    self.diagnostics.push(
                        Diagnostic::error(
                            "unterminated-string",
                            self.span(start),
                            "this string has no closing quote on its line",
                        )
                        .with_help("write \\\" for a quote inside a string"),
                    );
                    return false;
                }
                '"' if !escaped => {
                    self.offset = start + offset + 1;
                    return true;
                }
                _ => escaped = character == '\\' && !escaped,
            }
        }
        self.offset = self.text.len();
        self.diagnostics.push(Diagnostic::error(
            "unterminated-string",
            self.span(start),
            "this string has no closing quote",
        ));
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&'static str> {
        let (tokens, diagnostics) = lex(SourceId(0), text);
        assert_eq!(diagnostics, []);
        tokens.iter().map(Token::text).collect()
    }

    #[test]
    fn specials_stand_alone_and_the_rest_runs_on() {
        assert_eq!(
            texts("if(_)_else_ _+_"),
            ["if", "(", "_", ")", "_else_", "_+_"]
        );
        assert_eq!(texts("<_|_>[_,_]"), ["<_|_>", "[", "_", ",", "_", "]"]);
        assert_eq!(texts("X:Nat X:[Nat]"), ["X:Nat", "X:", "[", "Nat", "]"]);
        assert_eq!(texts("`[_`,_`] a`b"), ["`[_`,_`]", "a`b"]);
        assert_eq!(
            texts("\"a b\\\" .\"x 'q -3 1/2"),
            ["\"a b\\\" .\"x", "'q", "-3", "1/2"]
        );
    }

    #[test]
    fn comments_vanish() {
        assert_eq!(texts("a *** b\nc ------ d\ne"), ["a", "c", "e"]);
        assert_eq!(texts("a ***( b (c) \n d) e"), ["a", "e"]);
        assert_eq!(texts("a --- \t( b\n) e"), ["a", "e"]);
        assert_eq!(texts("a*** ****( b\n e"), ["a***", "e"]);
    }

    #[test]
    fn the_last_token_of_a_line_knows_it() {
        let (tokens, _) = lex(SourceId(0), "a b *** c\nd e");
        let ends: Vec<bool> = tokens.iter().map(|token| token.ends_line).collect();
        assert_eq!(ends, [false, true, false, true]);
    }

    #[test]
    fn what_never_ends_is_reported() {
        let (tokens, diagnostics) = lex(SourceId(0), "a \"b\nc");
        assert_eq!(tokens.len(), 3);
        assert_eq!(diagnostics[0].code, "unterminated-string");
        let (_, diagnostics) = lex(SourceId(0), "a ***( b");
        assert_eq!(diagnostics[0].code, "unterminated-comment");
    }
}
