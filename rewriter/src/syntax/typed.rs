//! Whether a text that is being typed is whole.
//!
//! The one idea: it is whole when nothing in it waits for more: no module for its end, no command
//! for the period that is the last thing on its line, no block comment for its parenthesis. What a
//! whole text means, or whether it means anything, is for [`outer`](super::outer) to say.

use super::lexer::{Token, lex};
use super::outer::end_of;
use crate::source::SourceId;

/// Whether nothing is missing at the end of a text.
///
/// ```
/// use rewriter::syntax::typed::is_whole;
/// assert!(!is_whole("fmod M is sort S ."));
/// assert!(is_whole("fmod M is sort S . endfm"));
/// assert!(!is_whole("reduce 1 +"));
/// assert!(is_whole("reduce 1 + 2 ."));
/// assert!(is_whole("quit"));
/// ```
pub fn is_whole(text: &str) -> bool {
    let (tokens, diagnostics) = lex(SourceId(0), text);
    if (diagnostics.iter()).any(|diagnostic| diagnostic.code == "unterminated-comment") {
        return false;
    }
    let mut rest = tokens.as_slice();
    while let [first, more @ ..] = rest {
        let end = match first.text() {
            "." => Some(0),
            "load" | "in" | "sload" | "quit" | "q" | "eof" => {
                rest.iter().position(|token| token.ends_line)
            }
            text => match end_of(text) {
                Some(end) => rest.iter().position(|token| token.is(end)),
                None => end_of_command(rest),
            },
        };
        let Some(end) = end else { return false };
        rest = &more[end..];
    }
    true
}

/// Where the period stands that ends a command.
fn end_of_command(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0usize;
    tokens.iter().position(|token| {
        match token.text() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.ends_line && token.text().ends_with('.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_within_a_line_or_in_parentheses_ends_nothing() {
        assert!(!is_whole("red 1 . + 2"));
        assert!(!is_whole("red (1 .\n + 2"));
        assert!(is_whole("red (1 .\n + 2) ."));
        assert!(is_whole("red f(a)."));
    }

    #[test]
    fn modules_views_and_comments_wait_for_their_end() {
        assert!(!is_whole("mod M is\n  rl a => b .\n"));
        assert!(is_whole("mod M is\n  rl a => b .\nendm\nrew a ."));
        assert!(!is_whole("view V from T to M is\n  sort S to S ."));
        assert!(is_whole("view V from T to M is\n  sort S to S .\nendv"));
        assert!(!is_whole("*** ( more"));
        assert!(is_whole("*** no more"));
        assert!(is_whole(" \n"));
    }

    #[test]
    fn files_and_quit_need_no_period() {
        assert!(is_whole("load some/file.maude"));
        assert!(is_whole("q"));
        assert!(!is_whole("load file\nred"));
    }
}
