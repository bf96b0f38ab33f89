//! A first look at the text, token by token, before the grammar sees it.
//!
//! It finds what a grammar explains badly (a string or comment without an end, a
//! character that P does not have) and what must not reach a recursive parser
//! (brackets that nest too deeply). It is exact about where tokens begin and end, and
//! knows nothing else.

use super::{MAX_NESTING, nested_too_deeply};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// One token, by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    String,
    Symbol,
    UnterminatedString,
    UnterminatedComment,
    Unknown,
}

const SYMBOLS: &[&str] = &[
    "<==>", "==>", "$$", "&&", "||", "==", "!=", "<=", ">=", "->", "+=", "-=", "$", "!", "<", ">",
    "=", "+", "-", "*", "/", "%", "{", "}", "[", "]", "(", ")", ";", ",", ".", ":",
];

/// The first token at or after `start`, or none at the end of the text.
pub(super) fn next(text: &str, start: usize) -> Option<Token> {
    let start = match skip_space(text, start) {
        Ok(start) => start,
        Err(comment) => return Some(token(comment, text.len(), Kind::UnterminatedComment)),
    };
    let rest = &text[start..];
    let first = rest.chars().next()?;
    let length_of = |test: fn(char) -> bool| rest.find(|c| !test(c)).unwrap_or(rest.len());
    Some(if first.is_ascii_alphabetic() || first == '_' {
        let word = length_of(|c| c.is_ascii_alphanumeric() || c == '_');
        let condition = "init-condition";
        let length = if rest.starts_with(condition) {
            condition.len()
        } else {
            word
        };
        token(start, start + length, Kind::Word)
    } else if first.is_ascii_digit() {
        token(
            start,
            start + length_of(|c| c.is_ascii_digit()),
            Kind::Number,
        )
    } else if first == '"' {
        match string_end(rest) {
            Some(length) => token(start, start + length, Kind::String),
            None => token(start, text.len(), Kind::UnterminatedString),
        }
    } else if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        token(start, start + symbol.len(), Kind::Symbol)
    } else {
        token(start, start + first.len_utf8(), Kind::Unknown)
    })
}

/// Checks a whole file.
pub(super) fn check(file: FileId, text: &str) -> Result<(), Box<Diagnostic>> {
    let mut at = if text.starts_with('\u{FEFF}') {
        '\u{FEFF}'.len_utf8()
    } else {
        0
    };
    let mut depth = 0usize;
    while let Some(token) = next(text, at) {
        let span = |end: usize| Span {
            file,
            start: token.start as u32,
            end: end as u32,
        };
        match (token.kind, &text[token.start..token.end]) {
            (Kind::Symbol, "(" | "[" | "{") => depth += 1,
            (Kind::Symbol, ")" | "]" | "}") => depth = depth.saturating_sub(1),
            (Kind::UnterminatedString, _) => {
                let message = "this string does not end";
                return Err(Box::new(
                    Diagnostic::error(Code::Unterminated, span(token.start + 1), message)
                        .with_help("close it with `\"`"),
                ));
            }
            (Kind::UnterminatedComment, _) => {
                let message = "this comment does not end";
                return Err(Box::new(
                    Diagnostic::error(Code::Unterminated, span(token.start + 2), message)
                        .with_help("close it with `*/`"),
                ));
            }
            (Kind::Unknown, character) => {
                let message = format!("`{}` is no part of P", character.escape_debug());
                return Err(Box::new(Diagnostic::error(
                    Code::SyntaxError,
                    span(token.end),
                    message,
                )));
            }
            _ => {}
        }
        if depth > MAX_NESTING {
            return Err(nested_too_deeply(span(token.end)));
        }
        at = token.end;
    }
    Ok(())
}

/// The innermost bracket that is still open at the end of the text.
pub(super) fn unclosed(text: &str) -> Option<Token> {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(token) = next(text, at) {
        match &text[token.start..token.end] {
            "(" | "[" | "{" => open.push(token),
            ")" | "]" | "}" => drop(open.pop()),
            _ => {}
        }
        at = token.end;
    }
    open.pop()
}

/// The last two tokens that end at or before `end`.
pub(super) fn before(text: &str, end: usize) -> [Option<Token>; 2] {
    let mut at = 0;
    let mut last = [None, None];
    while let Some(token) = next(text, at).filter(|token| token.end <= end) {
        last = [last[1], Some(token)];
        at = token.end;
    }
    last
}

/// The length of a text without the white space and comments at its end.
pub(super) fn trimmed(text: &str) -> usize {
    if !text.contains("//") && !text.contains("*/") {
        return text
            .trim_end_matches([' ', '\t', '\r', '\n', '\u{000C}'])
            .len();
    }
    let mut end = 0;
    while let Some(token) = next(text, end) {
        end = token.end;
    }
    end
}

fn token(start: usize, end: usize, kind: Kind) -> Token {
    Token { start, end, kind }
}

/// The next byte that is neither white space nor comment; an error is where a comment
/// begins that does not end.
fn skip_space(text: &str, mut at: usize) -> Result<usize, usize> {
    loop {
        let rest = &text[at..];
        let solid = rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{000C}']);
        at += rest.len() - solid.len();
        if solid.starts_with("//") {
            at += solid.find(['\n', '\r']).unwrap_or(solid.len());
        } else if let Some(comment) = solid.strip_prefix("/*") {
            at += 4 + comment.find("*/").ok_or(at)?;
        } else {
            return Ok(at);
        }
    }
}

fn string_end(rest: &str) -> Option<usize> {
    let mut escaped = false;
    for (index, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(index + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<&str> {
        let mut at = 0;
        let mut found = Vec::new();
        while let Some(token) = next(text, at) {
            found.push(&text[token.start..token.end]);
            at = token.end;
        }
        found
    }

    #[test]
    fn takes_the_longest_symbol() {
        assert_eq!(
            all("a<==>b<=c==>d$$ $"),
            ["a", "<==>", "b", "<=", "c", "==>", "d", "$$", "$"]
        );
    }

    #[test]
    fn skips_comments_but_not_in_strings() {
        assert_eq!(
            all("x // y\n/* ( */ \"// \\\" (\" z"),
            ["x", "\"// \\\" (\"", "z"]
        );
    }

    #[test]
    fn knows_what_is_still_open() {
        let text = "f { g ( } ";
        assert_eq!(unclosed(text).map(|token| token.start), Some(2));
        assert_eq!(before(text, 6).map(|token| token.unwrap().start), [2, 4]);
    }
}
