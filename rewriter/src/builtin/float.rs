//! Operations on floating-point numbers.
//!
//! A result that is not a number stays unreduced, as in Maude.

use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

use super::Hook;
use super::compute::Value;
use crate::integer::Int;
use crate::pattern::Literal;
use crate::term::{Store, TermId};

/// Computes an operation on floats, or between floats and integers.
pub(super) fn compute(hook: Hook, store: &Store, arguments: &[TermId]) -> Option<Value> {
    let float = |term: TermId| match store.literal(term)? {
        Literal::Float(float) => Some(float),
        _ => None,
    };
    match hook {
        Hook::FloatFromRational => {
            let value = store.integer(*arguments.first()?)?.to_big().to_f64()?;
            return Some(Value::Real(value));
        }
        Hook::RationalFromFloat => {
            let value = float(*arguments.first()?)?;
            let exact = value.is_finite() && value.fract() == 0.0;
            let number = if exact { BigInt::from_f64(value) } else { None };
            return number.map(|number| Value::Number(Int::from(number)));
        }
        _ => {}
    }
    let a = float(*arguments.first()?)?;
    let real = |value: f64| (!value.is_nan()).then_some(Value::Real(value));
    if let [_] = arguments {
        return match hook {
            Hook::FloatMinus => real(-a),
            Hook::FloatAbsolute => real(a.abs()),
            Hook::FloatFloor => real(a.floor()),
            Hook::FloatCeiling => real(a.ceil()),
            Hook::FloatSqrt => real(a.sqrt()),
            Hook::FloatExp => real(a.exp()),
            Hook::FloatLog => real(a.ln()),
            Hook::FloatSin => real(a.sin()),
            Hook::FloatCos => real(a.cos()),
            Hook::FloatTan => real(a.tan()),
            Hook::FloatAsin => real(a.asin()),
            Hook::FloatAcos => real(a.acos()),
            Hook::FloatAtan => real(a.atan()),
            _ => None,
        };
    }
    let b = float(*arguments.get(1)?)?;
    match hook {
        Hook::FloatAdd => real(a + b),
        Hook::FloatSubtract => real(a - b),
        Hook::FloatMultiply => real(a * b),
        Hook::FloatDivide if b != 0.0 => real(a / b),
        Hook::FloatRemainder if b != 0.0 => real(a % b),
        Hook::FloatPower => real(a.powf(b)),
        Hook::FloatMinimum => real(a.min(b)),
        Hook::FloatMaximum => real(a.max(b)),
        Hook::FloatAtan => real(a.atan2(b)),
        Hook::FloatLess => Some(Value::Truth(a < b)),
        Hook::FloatLessEqual => Some(Value::Truth(a <= b)),
        Hook::FloatGreater => Some(Value::Truth(a > b)),
        Hook::FloatGreaterEqual => Some(Value::Truth(a >= b)),
        _ => None,
    }
}

/// A float as Maude prints it: `1.5`, `1.0e+2`, `3.3333333333333331e-1`, `Infinity`.
pub fn float_text(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{value:.16e}");
    let (mantissa, exponent) = match scientific.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (scientific.as_str(), "0"),
    };
    let digits = mantissa.trim_end_matches('0');
    let zero = if digits.ends_with('.') { "0" } else { "" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    match exponent {
        "0" => format!("{digits}{zero}"),
        _ => format!("{digits}{zero}e{sign}{exponent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::float_text;

    #[test]
    fn floats_print_as_in_maude() {
        assert_eq!(float_text(1.5), "1.5");
        assert_eq!(float_text(100.0), "1.0e+2");
        assert_eq!(float_text(1.0e-7), "9.9999999999999995e-8");
        assert_eq!(float_text(1.0 / 3.0), "3.3333333333333331e-1");
        assert_eq!(float_text(0.0), "0.0");
        assert_eq!(float_text(f64::INFINITY), "Infinity");
    }
}
