//! Operations on strings and quoted identifiers. Positions count bytes, as in Maude.

use num_traits::{Num, ToPrimitive};

use super::Hook;
use super::compute::Value;
use super::float::float_text;
use crate::integer::Int;
use crate::pattern::Literal;
use crate::term::{Store, TermId};

/// Computes an operation on texts, or between texts and numbers.
pub(super) fn compute(hook: Hook, store: &Store, arguments: &[TermId]) -> Option<Value> {
    let text_at = |index: usize| match store.literal(*arguments.get(index)?)? {
        Literal::String(text) => Some(text),
        _ => None,
    };
    let number_at = |index: usize| store.integer(*arguments.get(index)?);
    let index_at = |index: usize| number_at(index)?.to_big().to_usize();
    // Beyond the end is far enough.
    let place_at = |index: usize| {
        let number = number_at(index)?.to_big();
        let is_beyond = number.sign() == num_bigint::Sign::Plus;
        number.to_usize().or(is_beyond.then_some(usize::MAX))
    };
    match hook {
        Hook::StringFromFloat => {
            return match store.literal(*arguments.first()?)? {
                Literal::Float(float) => Some(Value::Text(float_text(float))),
                _ => None,
            };
        }
        Hook::StringFromQuotedId => {
            return match store.literal(*arguments.first()?)? {
                Literal::QuotedId(text) => Some(Value::Text(text)),
                _ => None,
            };
        }
        Hook::StringChar => {
            let code = number_at(0)?.to_big().to_u8()?;
            return Some(Value::Text(char::from(code).to_string()));
        }
        _ => {}
    }
    let first = text_at(0)?;
    match hook {
        Hook::StringAppend => Some(Value::Text(first + &text_at(1)?)),
        Hook::StringLength => Some(Value::Number(Int::Small(first.len() as i64))),
        Hook::StringSubstr => Some(Value::Text(substring(&first, index_at(1)?, index_at(2)?))),
        Hook::StringFind => {
            let (wanted, start) = (text_at(1)?, place_at(2)?);
            let tail = first.get(start..);
            Some(found(
                tail.and_then(|tail| tail.find(&wanted))
                    .map(|at| at + start),
            ))
        }
        Hook::StringRfind => {
            let (wanted, start) = (text_at(1)?, place_at(2)?);
            let end = start.saturating_add(wanted.len()).min(first.len());
            Some(found(first.get(..end).and_then(|head| head.rfind(&wanted))))
        }
        Hook::StringLess => Some(Value::Truth(first < text_at(1)?)),
        Hook::StringLessEqual => Some(Value::Truth(first <= text_at(1)?)),
        Hook::StringGreater => Some(Value::Truth(first > text_at(1)?)),
        Hook::StringGreaterEqual => Some(Value::Truth(first >= text_at(1)?)),
        Hook::StringUpper => Some(Value::Text(first.to_ascii_uppercase())),
        Hook::StringLower => Some(Value::Text(first.to_ascii_lowercase())),
        Hook::StringAscii => {
            let mut characters = first.chars();
            let code = u32::from(characters.next()?);
            let single = characters.next().is_none();
            single.then_some(Value::Number(Int::Small(i64::from(code))))
        }
        Hook::RationalFromString => {
            let base = base(&number_at(1)?)?;
            let whole = |text: &str, signed: bool| {
                let digits = text.strip_prefix('-').filter(|_| signed).unwrap_or(text);
                let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_alphanumeric());
                let number = num_bigint::BigInt::from_str_radix(text, base).ok();
                number.filter(|_| plain)
            };
            match first.split_once('/') {
                None => Some(Value::Number(Int::from(whole(&first, true)?))),
                Some((above, below)) => {
                    let (above, below) = (whole(above, true)?, whole(below, false)?);
                    let is_number = below.sign() != num_bigint::Sign::NoSign;
                    is_number.then(|| Value::Fraction(Int::from(above), Int::from(below)))
                }
            }
        }
        Hook::FloatFromString => {
            let float: f64 = first.parse().ok()?;
            (!float.is_nan()).then_some(Value::Real(float))
        }
        Hook::QuotedIdFromString => {
            let usable = !first.is_empty() && !first.contains(char::is_whitespace);
            usable.then_some(Value::QuotedId(first))
        }
        _ => None,
    }
}

/// The base that a number is, if it is one.
pub(super) fn base(number: &Int) -> Option<u32> {
    let base = number.to_big().to_u32()?;
    (2..=36).contains(&base).then_some(base)
}

fn found(position: Option<usize>) -> Value {
    match position {
        Some(position) => Value::Number(Int::Small(position as i64)),
        None => Value::NotFound,
    }
}

fn substring(text: &str, start: usize, length: usize) -> String {
    let bytes = text.as_bytes();
    let start = start.min(bytes.len());
    let end = start.saturating_add(length).min(bytes.len());
    String::from_utf8_lossy(&bytes[start..end]).into_owned()
}
