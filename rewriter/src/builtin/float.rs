//! Operations on floating-point numbers.
//!
//! A result that is not a number stays unreduced, as in Maude.

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::Hook;
use super::compute::Value;
use crate::pattern::Literal;
use crate::term::{Store, TermId};

/// The float next to a fraction, on the side of zero, as in Maude; the number below is positive.
pub(super) fn quotient(above: &BigInt, below: &BigInt) -> f64 {
    const DIGITS: i64 = f64::MANTISSA_DIGITS as i64;
    if above.is_zero() {
        return 0.0;
    }
    let is_negative = above.is_negative();
    let (mut above, mut below) = (above.abs(), below.clone());
    // Shifted so that the quotient has at least as many binary digits as a float.
    let shift = DIGITS + 1 + below.bits() as i64 - above.bits() as i64;
    match shift >= 0 {
        true => above <<= shift.unsigned_abs(),
        false => below <<= shift.unsigned_abs(),
    }
    let quotient = above / below;
    let surplus = quotient.bits() as i64 - DIGITS;
    let digits = (quotient >> surplus.max(0).unsigned_abs())
        .to_f64()
        .unwrap_or(0.0);
    let exponent = (surplus.max(0) - shift).clamp(-4000, 4000) as i32;
    // In two steps, because a power of two may be too small where the product is not.
    let half = exponent / 2;
    let value = digits * 2f64.powi(half) * 2f64.powi(exponent - half);
    if is_negative { -value } else { value }
}

/// The numbers above and below of the fraction in lowest terms that a float is exactly.
pub(super) fn fraction(value: f64) -> Option<(BigInt, BigInt)> {
    if !value.is_finite() {
        return None;
    }
    let bits = value.to_bits();
    let stored = (bits >> 52) & 0x7ff;
    let (digits, exponent) = match stored {
        0 => (bits & 0xf_ffff_ffff_ffff, -1074),
        _ => ((bits & 0xf_ffff_ffff_ffff) | 1 << 52, stored as i64 - 1075),
    };
    if digits == 0 {
        return Some((BigInt::zero(), BigInt::one()));
    }
    let zeros = i64::from(digits.trailing_zeros());
    let (digits, exponent) = (BigInt::from(digits >> zeros), exponent + zeros);
    let digits = if value < 0.0 { -digits } else { digits };
    Some(match exponent >= 0 {
        true => (digits << exponent.unsigned_abs(), BigInt::one()),
        false => (digits, BigInt::one() << exponent.unsigned_abs()),
    })
}

/// Computes an operation on floats, or between floats and integers.
pub(super) fn compute(hook: Hook, store: &Store, arguments: &[TermId]) -> Option<Value> {
    let float = |term: TermId| match store.literal(term)? {
        Literal::Float(float) => Some(float),
        _ => None,
    };
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
