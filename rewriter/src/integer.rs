//! Unbounded integers that are cheap while they are small.
//!
//! The one idea: an [`Int`] holds an `i64` until it does not fit, and goes back when it does, so
//! that equal numbers are always equal values. Only what the rest of the engine needs to read and
//! write numbers is here; arithmetic for built-in operators is in [`builtin`](crate::builtin).

use std::fmt;
use std::str::FromStr;

use num_bigint::{BigInt, ParseBigIntError, Sign};
use num_traits::ToPrimitive;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An integer of any size.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Int {
    /// It fits 64 bits.
    Small(i64),
    /// It does not.
    Big(Box<BigInt>),
}

impl Int {
    /// The number with this sign whose absolute value has these 32-bit digits, least first.
    pub fn from_limbs(negative: bool, limbs: &[u32]) -> Int {
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        Int::from(BigInt::from_slice(sign, limbs))
    }

    /// The 32-bit digits of the absolute value, least first; none for zero.
    pub fn limbs(&self) -> Vec<u32> {
        match self {
            Int::Small(small) => {
                let value = small.unsigned_abs();
                let (low, high) = (value as u32, (value >> 32) as u32);
                match (low, high) {
                    (0, 0) => Vec::new(),
                    (_, 0) => vec![low],
                    _ => vec![low, high],
                }
            }
            Int::Big(big) => big.magnitude().to_u32_digits(),
        }
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        match self {
            Int::Small(small) => *small < 0,
            Int::Big(big) => big.sign() == Sign::Minus,
        }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        *self == Int::Small(0)
    }

    /// The same number in the big representation.
    pub fn to_big(&self) -> BigInt {
        match self {
            Int::Small(small) => BigInt::from(*small),
            Int::Big(big) => (**big).clone(),
        }
    }
}

impl From<i64> for Int {
    fn from(value: i64) -> Int {
        Int::Small(value)
    }
}

impl From<BigInt> for Int {
    fn from(value: BigInt) -> Int {
        match value.to_i64() {
            Some(small) => Int::Small(small),
            None => Int::Big(Box::new(value)),
        }
    }
}

impl Serialize for Int {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.is_negative(), self.limbs()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Int, D::Error> {
        let (negative, limbs) = <(bool, Vec<u32>)>::deserialize(deserializer)?;
        Ok(Int::from_limbs(negative, &limbs))
    }
}

impl FromStr for Int {
    type Err = ParseBigIntError;

    fn from_str(text: &str) -> Result<Int, ParseBigIntError> {
        match text.parse::<i64>() {
            Ok(small) => Ok(Int::Small(small)),
            Err(_) => text.parse::<BigInt>().map(Int::from),
        }
    }
}

impl fmt::Display for Int {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Int::Small(small) => small.fmt(formatter),
            Int::Big(big) => big.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_representation() {
        let big: Int = "9223372036854775808".parse().unwrap();
        assert!(matches!(big, Int::Big(_)));
        assert_eq!(Int::from(big.to_big() - 1), Int::Small(i64::MAX));
        assert_eq!(Int::from_limbs(false, &big.limbs()), big);
        assert_eq!(Int::from_limbs(true, &[5]), Int::Small(-5));
        assert!(Int::Small(0).limbs().is_empty());
    }
}
