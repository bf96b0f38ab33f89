//! Operations on integers.

use num_bigint::{BigInt, Sign};
use num_traits::{Signed, ToPrimitive, Zero};

use super::Hook;
use super::compute::Value;
use crate::integer::Int;
use crate::term::{Store, TermId};

/// The largest number of bits that a power or shift may have; larger ones stay unreduced.
const MAXIMAL_BITS: u64 = 1 << 27;

/// Whether an operation is associative and commutative, and folds over its arguments.
pub(super) fn is_folded(hook: Hook) -> bool {
    use Hook::{Add, BitAnd, BitOr, BitXor, Gcd, Lcm, Maximum, Minimum, Multiply};
    matches!(
        hook,
        Add | Multiply | Gcd | Lcm | Minimum | Maximum | BitAnd | BitOr | BitXor
    )
}

/// A folded operation on small numbers, if the result is small.
#[inline]
pub(super) fn fold_small(hook: Hook, a: i64, b: i64) -> Option<i64> {
    match hook {
        Hook::Add => a.checked_add(b),
        Hook::Multiply => a.checked_mul(b),
        Hook::Minimum => Some(a.min(b)),
        Hook::Maximum => Some(a.max(b)),
        Hook::BitAnd => Some(a & b),
        Hook::BitOr => Some(a | b),
        Hook::BitXor => Some(a ^ b),
        _ => None,
    }
}

/// A folded operation.
pub(super) fn fold(hook: Hook, a: &Int, b: &Int) -> Int {
    let (a, b) = (a.to_big(), b.to_big());
    Int::from(match hook {
        Hook::Add => a + b,
        Hook::Multiply => a * b,
        Hook::Minimum => a.min(b),
        Hook::Maximum => a.max(b),
        Hook::BitAnd => a & b,
        Hook::BitOr => a | b,
        Hook::BitXor => a ^ b,
        Hook::Gcd => greatest_common_divisor(a, b),
        Hook::Lcm if a.is_zero() || b.is_zero() => BigInt::zero(),
        Hook::Lcm => (&a * &b).abs() / greatest_common_divisor(a, b),
        _ => unreachable!("only folded operations are folded"),
    })
}

fn greatest_common_divisor(a: BigInt, b: BigInt) -> BigInt {
    let (mut a, mut b) = (a.abs(), b.abs());
    while !b.is_zero() {
        (a, b) = (b.clone(), a % b);
    }
    a
}

/// A fraction in lowest terms; `None` if it is in that form, or not above a positive number.
pub(super) fn lowest_terms(above: &Int, below: &Int) -> Option<(Int, Int)> {
    let (above, below) = (above.to_big(), below.to_big());
    if !below.is_positive() {
        return None;
    }
    let divisor = greatest_common_divisor(above.clone(), below.clone());
    let is_done = divisor == BigInt::from(1) && below != BigInt::from(1) && !above.is_zero();
    (!is_done).then(|| (Int::from(above / &divisor), Int::from(below / divisor)))
}

/// All other operations.
pub(super) fn compute(hook: Hook, store: &Store, arguments: &[TermId]) -> Option<Value> {
    if let Some(value) = compute_small(hook, store, arguments) {
        return Some(value);
    }
    if !is_numeric(hook) {
        return None;
    }
    let numbers: Option<Vec<BigInt>> = arguments
        .iter()
        .map(|&argument| store.integer(argument).map(|value| value.to_big()))
        .collect();
    let numbers = numbers?;
    let number = |value: BigInt| Some(Value::Number(Int::from(value)));
    match (hook, numbers.as_slice()) {
        (Hook::Minus, [a]) if a.sign() == Sign::Plus => None,
        (Hook::Minus, [a]) => number(-a),
        (Hook::Absolute, [a]) => number(a.abs()),
        (Hook::BitNot, [a]) => number(!a),
        (Hook::Subtract, [a, b]) => number(a - b),
        (Hook::SymmetricDifference, [a, b]) => number((a - b).abs()),
        (Hook::Quotient, [a, b]) if !b.is_zero() => number(a / b),
        (Hook::Remainder, [a, b]) if !b.is_zero() => number(a % b),
        (Hook::Power, [a, b]) => number(power(a, b)?),
        (Hook::ModularPower, [a, b, c]) if !b.is_negative() && !c.is_zero() => {
            number(a.modpow(b, c))
        }
        (Hook::ShiftLeft, [a, b]) if a.is_zero() && !b.is_negative() => number(BigInt::from(0)),
        (Hook::ShiftLeft, [a, b]) => number(shift(a, b.to_i64()?)?),
        (Hook::ShiftRight, [a, b]) => number(shift(a, b.to_i64()?.checked_neg()?)?),
        (Hook::Less, [a, b]) => Some(Value::Truth(a < b)),
        (Hook::LessEqual, [a, b]) => Some(Value::Truth(a <= b)),
        (Hook::Greater, [a, b]) => Some(Value::Truth(a > b)),
        (Hook::GreaterEqual, [a, b]) => Some(Value::Truth(a >= b)),
        (Hook::Divides, [a, b]) if !a.is_zero() => Some(Value::Truth((b % a).is_zero())),
        _ => None,
    }
}

fn is_numeric(hook: Hook) -> bool {
    use Hook::{
        Absolute, BitNot, Divides, Greater, GreaterEqual, Less, LessEqual, Minus, ModularPower,
        Power, Quotient, Remainder, ShiftLeft, ShiftRight, Subtract, SymmetricDifference,
    };
    matches!(
        hook,
        Absolute
            | BitNot
            | Divides
            | Greater
            | GreaterEqual
            | Less
            | LessEqual
            | Minus
            | ModularPower
            | Power
            | Quotient
            | Remainder
            | ShiftLeft
            | ShiftRight
            | Subtract
            | SymmetricDifference
    )
}

/// Frequent operations on small numbers.
#[inline]
fn compute_small(hook: Hook, store: &Store, arguments: &[TermId]) -> Option<Value> {
    let [first, second] = *arguments else {
        return None;
    };
    let number = |value: Option<i64>| value.map(Value::Small);
    let (a, b) = (store.small_integer(first)?, store.small_integer(second)?);
    match hook {
        Hook::Less => Some(Value::Truth(a < b)),
        Hook::LessEqual => Some(Value::Truth(a <= b)),
        Hook::Greater => Some(Value::Truth(a > b)),
        Hook::GreaterEqual => Some(Value::Truth(a >= b)),
        Hook::Subtract => number(a.checked_sub(b)),
        Hook::Quotient => number(a.checked_div(b)),
        Hook::Remainder => number(a.checked_rem(b)),
        Hook::SymmetricDifference => number(a.checked_sub(b).and_then(i64::checked_abs)),
        _ => None,
    }
}

fn power(base: &BigInt, exponent: &BigInt) -> Option<BigInt> {
    if base.bits() <= 1 {
        // For -1, 0 and 1 only the parity of the exponent counts.
        let is_even = !exponent.bit(0);
        return match exponent.sign() {
            Sign::Minus => None,
            Sign::NoSign => Some(BigInt::from(1)),
            Sign::Plus if is_even => Some(base.abs()),
            Sign::Plus => Some(base.clone()),
        };
    }
    let exponent = exponent.to_u64()?;
    let n_bits = base.bits().saturating_mul(exponent);
    if n_bits > MAXIMAL_BITS {
        return None;
    }
    Some(base.pow(u32::try_from(exponent).ok()?))
}

fn shift(value: &BigInt, left: i64) -> Option<BigInt> {
    let distance = left.unsigned_abs();
    if left < 0 {
        return Some(value >> distance.min(MAXIMAL_BITS * 8));
    }
    let fits = distance.saturating_add(value.bits()) <= MAXIMAL_BITS || value.is_zero();
    fits.then(|| value << distance.min(MAXIMAL_BITS))
}
