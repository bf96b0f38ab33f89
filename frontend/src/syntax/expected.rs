//! Syntax errors in words: what was expected, and what stands there.
//!
//! pest gives the rules that failed at the furthest place. Where a closing token is
//! among them, operators that might also go on are not worth telling.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::grammar::{Rule, is_reserved, is_token, keyword, words};
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
    let before = tokens::before(text, at);
    let hint = help(
        &rules,
        word,
        before.map(|token| token.map_or("", |token| &text[token.start..token.end])),
    );
    let end_of_previous = before[1].map(|token| token.end);
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
                | Rule::prefix_operator
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
    if rules.contains(&Rule::primary) {
        rules.retain(|rule| *rule != Rule::prefix_operator);
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
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: String| {
        if !names.contains(&name) {
            names.push(name);
        }
    };
    let (tokens, phrases): (Vec<Rule>, Vec<Rule>) = rules.iter().partition(|rule| is_token(**rule));
    for rule in phrases.into_iter().chain(tokens) {
        for word in words(rule) {
            add((*word).to_owned());
        }
        if words(rule).is_empty()
            && let Some(word) = keyword(rule)
        {
            add(format!("`{word}`"));
        }
    }
    match names.as_slice() {
        [] => "something else".to_owned(),
        [name] => name.clone(),
        [init @ .., last] => format!("{} or {last}", init.join(", ")),
    }
}

fn describe(word: &str, kind: Option<Kind>) -> String {
    match kind {
        None => "the end of the file".to_owned(),
        Some(Kind::String) => "a string".to_owned(),
        Some(Kind::Word) if is_reserved_word(word) => format!("the keyword `{word}`"),
        Some(_) => format!("`{word}`"),
    }
}

/// Help for the mistakes that programs of earlier versions of P and newcomers make.
/// `before` are the two tokens in front of what was found.
fn help(rules: &[Rule], found: &str, before: [&str; 2]) -> Option<String> {
    let has = |rule| rules.contains(&rule);
    let text = match (before, found) {
        (_, "var") if has(Rule::statement) => {
            "variables are declared first in a body, before all statements, without a value"
        }
        ([_, "pop" | "push"], _) if has(Rule::assign) => {
            "P has no stack of states any more: use `goto`"
        }
        ([_, name], ";") if has(Rule::assign) => {
            return Some(format!("to call the function, write `{name}()`"));
        }
        ([_, "+="], _) if has(Rule::open_paren) => {
            "write `+= (value)` for a set, `+= (position, value)` for a seq, `+= (key, value)` \
             for a map"
        }
        (["goto", _], "(") => "write `goto State, value;` to pass a value",
        (_, "else") if has(Rule::statement) => "`else` needs an `if` right before it",
        (_, "null") if has(Rule::event_name) => "the null event can only be used with `on`",
        (["hot" | "cold", _], "start") | ([_, "hot" | "cold"], "start") => {
            "write `start` before `hot` or `cold`"
        }
        (_, ":") if has(Rule::open_bracket) => {
            "a test names its main machine: `test T [main = M]: ..`"
        }
        (_, ",") if has(Rule::semicolon) => {
            "use `format(\"..{0}..\", value)` to print values, and one statement for one thing"
        }
        _ if (has(Rule::identifier) || has(Rule::event_name) || has(Rule::parameter))
            && is_reserved_word(found) =>
        {
            return Some(format!("`{found}` is a keyword and cannot be a name"));
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn is_reserved_word(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic()) && is_reserved(word)
}
