//! Format strings: from the text between the quotes to its parts.
//!
//! Every string literal is one, with no arguments where `format` is not written.
//! Braces are doubled to stand for themselves; escapes are those of the language that
//! the reference checker generates.
//!
//! Source: p-language 1.2.

/// A part of a format string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text, its escapes resolved.
    Text(String),
    /// The argument of that number, from 0.
    Argument(u32),
}

/// Why a format string is malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// A `{` without digits and `}` behind it.
    Open,
    /// A `}` that stands alone.
    Close,
}

/// More arguments than this cannot be meant, and would only be a way to overflow.
const MAX_ARGUMENT: u32 = 10_000;

/// Cuts the text of a literal into its parts; texts next to each other are joined.
///
/// # Errors
/// If the braces are malformed.
pub fn format_parts(literal: &str) -> Result<Vec<Part>, FormatError> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut letters = literal.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' if letters.next_if_eq(&'{').is_some() => text.push('{'),
            '}' if letters.next_if_eq(&'}').is_some() => text.push('}'),
            '}' => return Err(FormatError::Close),
            '{' => {
                let mut number = None;
                while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
                    letters.next();
                    let value: u32 = number.unwrap_or(0) * 10 + digit;
                    if value > MAX_ARGUMENT {
                        return Err(FormatError::Open);
                    }
                    number = Some(value);
                }
                let number = number.filter(|_| letters.next() == Some('}'));
                let number = number.ok_or(FormatError::Open)?;
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                parts.push(Part::Argument(number));
            }
            '\\' => escape(&mut letters, &mut text),
            letter => text.push(letter),
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

/// Reads an escape behind its backslash. One that is unknown stands for its letter.
fn escape(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, text: &mut String) {
    let Some(letter) = letters.next() else { return };
    let digits = match letter {
        'n' => return text.push('\n'),
        't' => return text.push('\t'),
        'r' => return text.push('\r'),
        'a' => return text.push('\u{7}'),
        'b' => return text.push('\u{8}'),
        'f' => return text.push('\u{c}'),
        'v' => return text.push('\u{b}'),
        '0' => return text.push('\0'),
        'x' | 'u' => 4,
        'U' => 8,
        other => return text.push(other),
    };
    let mut value = 0;
    let mut n_read = 0;
    while n_read < digits {
        let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(16)) else {
            break;
        };
        letters.next();
        value = value * 16 + digit;
        n_read += 1;
    }
    match char::from_u32(value).filter(|_| n_read > 0) {
        Some(character) => text.push(character),
        None => text.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Part {
        Part::Text(text.to_owned())
    }

    #[test]
    fn cuts_at_arguments_and_halves_braces() {
        let parts = format_parts(r#"a{{{0}\n\"}}{12}"#).unwrap();
        assert_eq!(
            parts,
            [
                text("a{"),
                Part::Argument(0),
                text("\n\"}"),
                Part::Argument(12)
            ]
        );
        assert_eq!(format_parts(r"\x41\u00e9\\").unwrap(), [text("Aé\\")]);
        assert_eq!(format_parts("").unwrap(), []);
    }

    #[test]
    fn rejects_braces_that_stand_alone() {
        assert_eq!(format_parts("{"), Err(FormatError::Open));
        assert_eq!(format_parts("{}"), Err(FormatError::Open));
        assert_eq!(format_parts("{a}"), Err(FormatError::Open));
        assert_eq!(format_parts("{0"), Err(FormatError::Open));
        assert_eq!(format_parts("{99999999999}"), Err(FormatError::Open));
        assert_eq!(format_parts("a } b"), Err(FormatError::Close));
    }
}
