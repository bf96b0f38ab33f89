//! Strings and floating-point numbers as Maude writes them.
//!
//! The one idea: what is printed reads back as the same value. A string is printed in ASCII; every
//! other byte is an octal escape. A float is printed with as many digits as give it back.

/// The value of a string literal, quotes included in the text.
pub fn unescape(text: &str) -> String {
    let inner = text.strip_prefix('"').unwrap_or(text);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut bytes: Vec<u8> = Vec::with_capacity(inner.len());
    let mut rest = inner.bytes().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'a') => bytes.push(7),
            Some(b'b') => bytes.push(8),
            Some(b'f') => bytes.push(12),
            Some(b'n') => bytes.push(b'\n'),
            Some(b'r') => bytes.push(b'\r'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'v') => bytes.push(11),
            Some(b'\n') | None => {}
            Some(digit @ b'0'..=b'7') => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    if let Some(digit) = rest.next_if(|digit| matches!(digit, b'0'..=b'7')) {
                        value = value * 8 + u32::from(digit - b'0');
                    }
                }
                bytes.push(value as u8);
            }
            Some(other) => bytes.push(other),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|error| {
        error
            .into_bytes()
            .iter()
            .map(|&byte| char::from(byte))
            .collect()
    })
}

/// A string literal with this value.
pub fn escape(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    text.push('"');
    for &byte in value.as_bytes() {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            7 => text.push_str("\\a"),
            8 => text.push_str("\\b"),
            12 => text.push_str("\\f"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            11 => text.push_str("\\v"),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text += &format!("\\{byte:03o}"),
        }
    }
    text.push('"');
    text
}

/// The value of a floating-point literal.
pub fn float_value(text: &str) -> f64 {
    match text.trim_start_matches('+') {
        "Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        text => text.parse().unwrap_or(f64::NAN),
    }
}

/// A floating-point literal with this value: `1.5`, `1.0e+10`. Like Maude's, it has 17 digits
/// unless the last are zeros: `1.0000000000000001e-1`.
pub fn float_text(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let text = format!("{value:.16e}");
    let Some((mantissa, exponent)) = text.split_once('e') else {
        return text;
    };
    let mantissa = mantissa.trim_end_matches('0');
    let zero = if mantissa.ends_with('.') { "0" } else { "" };
    match exponent.strip_prefix('-') {
        _ if exponent == "0" => format!("{mantissa}{zero}"),
        Some(digits) => format!("{mantissa}{zero}e-{digits}"),
        None => format!("{mantissa}{zero}e+{exponent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_read_back() {
        for value in ["", "a b", "q\"\\n\n\t\u{7}", "ç1", "\u{1}9"] {
            assert_eq!(unescape(&escape(value)), value);
        }
        assert_eq!(unescape("\"a\\n\\\"\\101\""), "a\n\"A");
    }

    #[test]
    fn floats_look_like_maude() {
        for (value, text) in [
            (1.5, "1.5"),
            (0.5, "5.0e-1"),
            (1e5, "1.0e+5"),
            (0.1, "1.0000000000000001e-1"),
            (-2e10, "-2.0e+10"),
            (0.0, "0.0"),
            (0.001, "1.0e-3"),
            (f64::INFINITY, "Infinity"),
        ] {
            assert_eq!(float_text(value), text);
            assert_eq!(float_value(text), value);
        }
    }
}
