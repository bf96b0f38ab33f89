//! The query of a search, cut into its parts: an arrow, a pattern, a condition.
//!
//! `=>* violation and not at(Client, Done) such that ...`. What the parts mean is
//! found out where the rules are loaded; here only the words are separated. Names in
//! the arguments of a proposition may be written as in P, without a quote.

/// How many steps a solution may be away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrow {
    /// `=>1`: exactly one step.
    One,
    /// `=>+`: one step or more.
    Plus,
    /// `=>*`: any number of steps, none included.
    Star,
    /// `=>!`: any number of steps, to a configuration without successors.
    Normal,
}

impl Arrow {
    /// As it is written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Arrow::One => "=>1",
            Arrow::Plus => "=>+",
            Arrow::Star => "=>*",
            Arrow::Normal => "=>!",
        }
    }
}

/// A query, cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The arrow.
    pub arrow: Arrow,
    /// The pattern or proposition, as it was written.
    pub pattern: String,
    /// The condition behind `such that`, if there is one.
    pub condition: Option<String>,
}

/// Why a query cannot be cut; `at` is a byte offset into its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub at: usize,
}

const ARROWS: [Arrow; 4] = [Arrow::One, Arrow::Plus, Arrow::Star, Arrow::Normal];

impl Query {
    /// Cuts a query.
    ///
    /// # Errors
    /// If the arrow is unknown or nothing follows it.
    pub fn cut(text: &str) -> Result<Query, QueryError> {
        let text = text.trim_end().trim_end_matches(" .").trim_end();
        let Some(arrow) = ARROWS
            .into_iter()
            .find(|arrow| text.starts_with(arrow.text()))
        else {
            return Err(QueryError {
                message: "expected one of the arrows `=>1`, `=>+`, `=>*`, `=>!`".to_owned(),
                at: 0,
            });
        };
        let rest = &text[arrow.text().len()..];
        let (pattern, condition) = match separator(rest) {
            Some((start, end)) => (&rest[..start], Some(rest[end..].trim().to_owned())),
            None => (rest, None),
        };
        if pattern.trim().is_empty() {
            return Err(QueryError {
                message: "expected a proposition or a pattern after the arrow".to_owned(),
                at: text.len(),
            });
        }
        if condition.as_deref() == Some("") {
            return Err(QueryError {
                message: "expected a condition after `such that`".to_owned(),
                at: text.len(),
            });
        }
        Ok(Query {
            arrow,
            pattern: pattern.trim().to_owned(),
            condition,
        })
    }
}

/// Where `such that` or `s.t.` stands outside string literals.
fn separator(text: &str) -> Option<(usize, usize)> {
    let mut in_string = false;
    let bytes = text.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        match bytes[index] {
            b'\\' if in_string => index += 1,
            b'"' => in_string = !in_string,
            b's' if !in_string && (index == 0 || bytes[index - 1].is_ascii_whitespace()) => {
                let rest = &text[index..];
                if let Some(behind) = rest.strip_prefix("such") {
                    let that = behind.trim_start();
                    let gap = behind.len() - that.len();
                    if gap > 0 && that.starts_with("that") {
                        return Some((index, index + 4 + gap + 4));
                    }
                }
                if rest.starts_with("s.t.") {
                    return Some((index, index + 4));
                }
            }
            _ => {}
        }
        index += 1;
    }
    None
}

/// A name among the arguments of a proposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument<'a> {
    /// The name, without a quote.
    pub name: &'a str,
    /// Where it stands, in bytes.
    pub at: usize,
    is_quoted: bool,
}

/// A proposition about names of the program, `at(..)` or `invariant(..)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention<'a> {
    /// The word in front.
    pub proposition: &'a str,
    /// What stands in its parentheses, if all of it are names.
    pub arguments: Vec<Argument<'a>>,
}

/// The propositions about names of the program, outside of strings.
#[must_use]
pub fn mentions(text: &str) -> Vec<Mention<'_>> {
    let mut found = Vec::new();
    let mut in_string = false;
    let mut word: Option<usize> = None;
    let mut previous = ' ';
    for (at, character) in text.char_indices() {
        if character == '"' && previous != '\\' {
            in_string = !in_string;
        }
        let in_word = character.is_alphanumeric() || "_'-:".contains(character);
        if in_string {
            word = None;
        } else if in_word {
            word = word.or(Some(at));
        } else if character == '(' {
            let end = text[..at].trim_end().len();
            let start = word.unwrap_or(end).min(end);
            if let proposition @ ("at" | "invariant" | "hot" | "cold") = &text[start..end]
                && let Some(arguments) = names(text, at + 1)
            {
                found.push(Mention {
                    proposition,
                    arguments,
                });
            }
            word = None;
        } else if !character.is_whitespace() || text[at..].trim_start().starts_with(|c| c != '(') {
            word = None;
        }
        previous = character;
    }
    found
}

/// Names between commas up to the closing parenthesis, or none if there is something else.
fn names(text: &str, start: usize) -> Option<Vec<Argument<'_>>> {
    let end = start + text[start..].find(')')?;
    let mut at = start;
    let mut arguments = Vec::new();
    for part in text[start..end].split(',') {
        let name = part.trim();
        let at_name = at + part.len() - part.trim_start().len();
        let plain = name.strip_prefix('\'').unwrap_or(name);
        let is_name =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_name(plain) {
            return None;
        }
        arguments.push(Argument {
            name: plain,
            at: at_name,
            is_quoted: plain.len() < name.len(),
        });
        at += part.len() + 1;
    }
    Some(arguments)
}

/// A proposition as the rules read it: the names of the program among its arguments get
/// the quote that makes them identifiers of the rules. Other text is unchanged.
#[must_use]
pub fn quote_names(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut done = 0;
    for mention in mentions(text) {
        for argument in mention
            .arguments
            .iter()
            .filter(|argument| !argument.is_quoted)
        {
            out.push_str(&text[done..argument.at]);
            out.push('\'');
            done = argument.at;
        }
    }
    out.push_str(&text[done..]);
    out
}

/// The part of a query around a place, short enough for a line, and the column of the
/// place in it.
#[must_use]
pub fn excerpt(text: &str, at: usize) -> (String, usize) {
    const BEFORE: usize = 60;
    const AFTER: usize = 40;
    let column = text[..at].chars().count();
    let n_characters = text.chars().count();
    let first = column.saturating_sub(BEFORE);
    let first = if n_characters <= BEFORE + AFTER {
        0
    } else {
        first
    };
    let last = n_characters.min(first.max(column) + AFTER);
    let last = if first == 0 {
        last.max(n_characters.min(BEFORE + AFTER))
    } else {
        last
    };
    let window: String = text.chars().skip(first).take(last - first).collect();
    let before = if first > 0 { "..." } else { "" };
    let after = if last < n_characters { "..." } else { "" };
    (
        format!("{before}{window}{after}"),
        column - first + before.len(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_cut_at_its_arrow_and_condition() {
        let query = Query::cut("=>* violation such that N > 1 .").unwrap();
        assert_eq!(query.arrow, Arrow::Star);
        assert_eq!(query.pattern, "violation");
        assert_eq!(query.condition.as_deref(), Some("N > 1"));
        let short = Query::cut("=>! C:Configuration s.t. true").unwrap();
        assert_eq!(short.pattern, "C:Configuration");
        assert_eq!(short.condition.as_deref(), Some("true"));
    }

    #[test]
    fn words_inside_strings_do_not_cut() {
        let query = Query::cut("=>+ violation(K, \"such that\", A, P) C").unwrap();
        assert_eq!(query.condition, None);
    }

    #[test]
    fn what_is_missing_is_said() {
        assert_eq!(Query::cut("=>? x").unwrap_err().at, 0);
        assert!(Query::cut("=>*").is_err());
        assert!(Query::cut("=>* violation such that").is_err());
    }

    #[test]
    fn names_of_a_proposition_are_quoted() {
        assert_eq!(
            quote_names("at(Client, Init) and not at('A, B)"),
            "at('Client, 'Init) and not at('A, 'B)"
        );
        assert_eq!(quote_names("violation(assertion)"), "violation(assertion)");
        assert_eq!(quote_names("format(x)"), "format(x)");
        assert_eq!(quote_names("not invariant (safe)"), "not invariant ('safe)");
        assert_eq!(quote_names("string(\"at(A, B)\")"), "string(\"at(A, B)\")");
        assert_eq!(quote_names("at(M:Qid, S)"), "at(M:Qid, S)");
    }

    #[test]
    fn long_queries_are_shown_around_the_place() {
        assert_eq!(excerpt("=>* x", 4), ("=>* x".to_owned(), 4));
        let long = format!("=>* {}", "x".repeat(1000));
        let (text, column) = excerpt(&long, 500);
        assert_eq!((text.len(), column), (106, 63));
        assert_eq!(excerpt(&long, 0).0.len(), 103);
    }
}
