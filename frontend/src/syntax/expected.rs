//! Syntax errors in words: what was expected, and what stands there.
//!
//! pest gives the rules that failed at the furthest place. Where a closing token is
//! among them, operators that might also go on are not worth telling.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::grammar::{Rule, is_token, name};
use super::nested_too_deeply;
use super::tokens::{self, Kind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The diagnostic for an error of the grammar.
pub(super) fn diagnostic(file: FileId, text: &str, error: &Error<Rule>) -> Box<Diagnostic> {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let found = tokens::next(text, at);
    let place = found.map_or(text.len()..text.len(), |token| token.start..token.end);
    let span = |start: usize, end: usize| Span {
        file,
        start: start as u32,
        end: end as u32,
    };
    let rules = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => useful(positives),
        // Only the guard of the stack reports in its own words.
        ErrorVariant::CustomError { .. } => {
            return nested_too_deeply(span(place.start, place.end));
        }
    };
    let word = &text[place.clone()];
    let expected = list(&rules);
    let hint = help(&rules, word);
    let end_of_previous = tokens::before(text, at).map(|token| token.end);
    let (message, span) = match end_of_previous {
        // What is missing is missing behind the previous token, perhaps a line above.
        Some(end) if rules == [Rule::semicolon] => {
            ("expected `;` here".to_owned(), span(end - 1, end))
        }
        _ => (
            format!(
                "expected {expected}, found {}",
                describe(word, found.map(|token| token.kind))
            ),
            span(place.start, place.end),
        ),
    };
    let mut diagnostic = Diagnostic::error(Code::SyntaxError, span, message);
    if found.is_none()
        && let Some(open) = tokens::unclosed(text)
    {
        let start = open.start as u32;
        let label = Span {
            file,
            start,
            end: start + 1,
        };
        diagnostic = diagnostic.with_label(label, "this bracket is still open");
    }
    diagnostic.help = hint;
    Box::new(diagnostic)
}

/// Drops what only repeats or distracts, and puts the rest in a fixed order.
fn useful(positives: &[Rule]) -> Vec<Rule> {
    let mut rules = positives.to_vec();
    rules.sort_unstable();
    rules.dedup();
    let operator = |rule: &Rule| {
        matches!(
            rule,
            Rule::infix_operator
                | Rule::postfix_operator
                | Rule::place_step
                | Rule::field_access
                | Rule::index
                | Rule::arguments
                | Rule::tuple_mark
                | Rule::open_paren
                | Rule::dot
        )
    };
    let closing = |rule: &Rule| {
        matches!(
            rule,
            Rule::semicolon
                | Rule::close_paren
                | Rule::close_bracket
                | Rule::close_brace
                | Rule::comma
                | Rule::keyword_in
                | Rule::assign
        )
    };
    if rules.iter().any(closing) {
        rules.retain(|rule| !operator(rule));
    }
    if rules.contains(&Rule::semicolon) {
        rules.retain(|rule| !matches!(rule, Rule::comma));
    }
    if rules.contains(&Rule::statement) {
        rules.retain(|rule| !matches!(rule, Rule::variable_declaration | Rule::keyword_else));
    }
    rules
}

fn list(rules: &[Rule]) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in rules
        .iter()
        .filter(|rule| !is_token(**rule))
        .map(|rule| name(*rule))
    {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.extend(
        rules
            .iter()
            .filter(|rule| is_token(**rule))
            .map(|rule| name(*rule)),
    );
    match words.as_slice() {
        [] => "something else".to_owned(),
        [word] => word.clone(),
        [init @ .., last] => format!("{} or {last}", init.join(", ")),
    }
}

fn describe(word: &str, kind: Option<Kind>) -> String {
    match kind {
        None => "the end of the file".to_owned(),
        Some(Kind::String) => "a string".to_owned(),
        Some(Kind::Word) if is_reserved(word) => format!("the keyword `{word}`"),
        Some(_) => format!("`{word}`"),
    }
}

/// Help for the mistakes that programs of earlier versions of P and newcomers make.
fn help(rules: &[Rule], found: &str) -> Option<String> {
    let statement = rules.contains(&Rule::statement);
    let text = match found {
        "var" if statement => {
            "variables are declared first in a body, before all statements, without a value"
        }
        "pop" | "push" => "P has no stack of states any more: use `goto`",
        "else" if statement => "`else` needs an `if` right before it",
        "null" if rules.contains(&Rule::event_name) => "the null event can only be used with `on`",
        "start" => "write `start` before `hot` or `cold`",
        "," if rules.contains(&Rule::semicolon) => {
            "use `format(\"..{0}..\", value)` to print values, and one statement for one thing"
        }
        _ if rules.contains(&Rule::identifier) && is_reserved(found) => {
            return Some(format!("`{found}` is a keyword and cannot be a name"));
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn is_reserved(word: &str) -> bool {
    let mut letters = word.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && super::grammar::is_reserved(word)
}
