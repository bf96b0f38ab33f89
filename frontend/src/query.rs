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

/// A proposition as the rules read it: the names among the arguments of `at`
/// get the quote that makes them identifiers of the rules. Other text is unchanged.
#[must_use]
pub fn quote_names(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(found) = rest.find("at(").or_else(|| rest.find("at (")) {
        let boundary = rest[..found]
            .chars()
            .next_back()
            .is_none_or(|before| !(before.is_alphanumeric() || before == '_' || before == '\''));
        let open = found + rest[found..].find('(').unwrap_or(0) + 1;
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        if !boundary {
            continue;
        }
        let close = rest.find(')').unwrap_or(rest.len());
        let arguments: Vec<String> = rest[..close]
            .split(',')
            .map(|argument| {
                let name = argument.trim();
                let plain = name
                    .chars()
                    .all(|character| character.is_alphanumeric() || character == '_');
                if plain && !name.is_empty() {
                    format!("'{name}")
                } else {
                    name.to_owned()
                }
            })
            .collect();
        out.push_str(&arguments.join(", "));
        rest = &rest[close..];
    }
    out.push_str(rest);
    out
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
    }
}
